package dev.trimtab.policy;

/** The unit in which a cluster counts plain numbers of GPU memory. */
public enum GpuUnit implements PolicyTerm {
    MIB,
    GIB;

    @Override
    public String term() {
        return name().replace('I', 'i');
    }
}
