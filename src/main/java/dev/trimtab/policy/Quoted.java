package dev.trimtab.policy;

/** A stranger's text inside a message: in quotes, on one line, and not too long. */
final class Quoted {
    private static final int LONGEST = 60;

    private Quoted() {}

    static String of(String text) {
        String shown = text.codePointCount(0, text.length()) <= LONGEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…";
        return '"' + oneLine(shown.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
    }

    /** {@code text} with an escape in place of every character that would break the line or cannot be seen. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (unseen(c)) {
                line.append(String.format("\\u%04x", c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }

    private static boolean unseen(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
