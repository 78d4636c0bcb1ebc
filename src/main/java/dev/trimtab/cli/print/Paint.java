package dev.trimtab.cli.print;

import java.io.Console;
import java.util.OptionalInt;
import picocli.CommandLine.Model.UsageMessageSpec;

/** @param isOn if false, every text stays as it is */
public record Paint(boolean isOn) {
    static final Paint NONE = new Paint(false);

    private static final String RESET = "\u001b[0m";

    /** Colours on a terminal that supports them, unless NO_COLOR is set (https://no-color.org). */
    public static Paint forStandardOutput() {
        boolean unwanted = !System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
        boolean dumb = "dumb".equals(System.getenv("TERM"));
        return new Paint(Terminal.isThere() && !unwanted && !dumb);
    }

    public String bold(String text) {
        return in(1, text);
    }

    public String red(String text) {
        return in(31, text);
    }

    public String green(String text) {
        return in(32, text);
    }

    public String yellow(String text) {
        return in(33, text);
    }

    public String cyan(String text) {
        return in(36, text);
    }

    private String in(int code, String text) {
        return isOn ? "\u001b[" + code + "m" + text + RESET : text;
    }

    public static final class Terminal {
        private static final int ASKED = 22;

        private Terminal() {}

        /** Empty if the output goes to a file or a program, and if the width is unknown. COLUMNS comes first. */
        public static OptionalInt width() {
            return width(System.getenv("COLUMNS"));
        }

        static OptionalInt width(String columns) {
            if (columns != null && columns.matches("[1-9]\\d{0,4}")) {
                return OptionalInt.of(Integer.parseInt(columns));
            }
            // picocli asks stty.
            return isThere()
                    ? OptionalInt.of(new UsageMessageSpec().autoWidth(true).width())
                    : OptionalInt.empty();
        }

        /** Until JDK 21, System.console() is null if input or output is redirected. Later, isTerminal() tells. */
        @SuppressWarnings("SystemConsoleNull")
        public static boolean isThere() {
            Console console = System.console();
            try {
                return console != null
                        && (Runtime.version().feature() < ASKED
                                || Boolean.TRUE.equals(
                                        Console.class.getMethod("isTerminal").invoke(console)));
            } catch (ReflectiveOperationException unknown) {
                return false;
            }
        }
    }
}
