package dev.trimtab.cli;

/**
 * Colours, for people at a terminal.
 *
 * @param isOn without it every text stays as it is
 */
record Paint(boolean isOn) {
    static final Paint NONE = new Paint(false);

    private static final String RESET = "\u001b[0m";

    /** On a terminal that can, unless its user wants none: https://no-color.org. */
    static Paint forStandardOutput() {
        boolean unwanted = !System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
        boolean dumb = "dumb".equals(System.getenv("TERM"));
        return new Paint(Terminal.isThere() && !unwanted && !dumb);
    }

    String bold(String text) {
        return in(1, text);
    }

    String red(String text) {
        return in(31, text);
    }

    String green(String text) {
        return in(32, text);
    }

    String yellow(String text) {
        return in(33, text);
    }

    String cyan(String text) {
        return in(36, text);
    }

    private String in(int code, String text) {
        return isOn ? "\u001b[" + code + "m" + text + RESET : text;
    }
}
