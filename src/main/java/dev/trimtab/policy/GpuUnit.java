package dev.trimtab.policy;

/** In what a cluster counts plain numbers of GPU memory. */
public enum GpuUnit implements Term {
    MIB("MiB"),
    GIB("GiB");

    private final String term;

    GpuUnit(String term) {
        this.term = term;
    }

    @Override
    public String term() {
        return term;
    }
}
