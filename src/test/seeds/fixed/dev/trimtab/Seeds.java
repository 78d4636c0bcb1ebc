package dev.trimtab;

/** A twentieth of the tries, on the same seed in each run: quick. {@code -Dseeds=full} makes all of them, as CI does. */
public final class Seeds {
    public static final String SEED = "20261121";
    public static final int SHARE = 20;

    private Seeds() {}
}
