package dev.trimtab.cli;

/** Numbers of things, in words. */
final class Counted {
    private Counted() {}

    static String of(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    static String gpus(long number) {
        return number == 0 ? "no GPU" : of(number, "GPU");
    }
}
