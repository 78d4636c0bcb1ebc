package dev.trimtab.cli.print;

public final class Counted {
    private Counted() {}

    public static String of(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    public static String gpus(long number) {
        return number == 0 ? "no GPU" : of(number, "GPU");
    }
}
