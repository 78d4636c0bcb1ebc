package dev.trimtab.knative;

import java.nio.charset.StandardCharsets;

/** A text that Go's strconv or time package refuses; the message is the one Go prints. */
final class GoParseException extends Exception {
    private final boolean outOfRange;

    private GoParseException(String message, boolean outOfRange) {
        super(message);
        this.outOfRange = outOfRange;
    }

    static GoParseException syntax(String function, String text) {
        return new GoParseException(numberMessage(function, text) + "invalid syntax", false);
    }

    static GoParseException range(String function, String text) {
        return new GoParseException(numberMessage(function, text) + "value out of range", true);
    }

    /** {@code problem} is how Go's time package starts: "invalid duration", "missing unit in duration", … */
    static GoParseException duration(String problem, String text) {
        return new GoParseException("time: " + problem + " " + timeQuote(text), false);
    }

    /** strconv.ErrRange, which Knative answers with the bounds, in contrast to strconv.ErrSyntax. */
    boolean outOfRange() {
        return outOfRange;
    }

    private static String numberMessage(String function, String text) {
        return "strconv." + function + ": parsing " + quote(text) + ": ";
    }

    /** strconv.Quote, for the characters that occur in manifests: control characters are escaped, letters are not. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            quoted.append(quoted(text.charAt(i)));
        }
        return quoted.append('"').toString();
    }

    private static String quoted(char c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> c < ' ' || c == 0x7f ? String.format("\\x%02x", (int) c) : String.valueOf(c);
        };
    }

    /** The time package's own quoting: every byte outside of printable ASCII as hexadecimal. */
    static String timeQuote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b < ' ') {
                quoted.append(String.format("\\x%02x", b));
            } else if (b == '"' || b == '\\') {
                quoted.append('\\').append((char) b);
            } else {
                quoted.append((char) b);
            }
        }
        return quoted.append('"').toString();
    }
}
