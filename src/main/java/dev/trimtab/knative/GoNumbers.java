package dev.trimtab.knative;

import java.util.Locale;
import java.util.regex.Pattern;

/** Go's strconv.ParseInt, ParseBool and ParseFloat, with their errors; measured against Go 1.26. */
final class GoNumbers {
    /** Mantissa and exponent of Go's decimal floating-point literal, underscores taken out. */
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");
    /** The hexadecimal literal; its exponent is required. */
    private static final Pattern HEXADECIMAL =
            Pattern.compile("[+-]?0[xX](?:[0-9a-fA-F]+(?:\\.[0-9a-fA-F]*)?|\\.[0-9a-fA-F]+)[pP][+-]?[0-9]+");
    /** An underscore stands between two digits, or between the base prefix and a digit. */
    private static final Pattern MISPLACED_UNDERSCORE = Pattern.compile("(?<![0-9])_|_(?![0-9])");

    private static final Pattern MISPLACED_HEXADECIMAL_UNDERSCORE =
            Pattern.compile("(?<![0-9a-fA-F]|0[xX])_|_(?![0-9a-fA-F])");

    private GoNumbers() {}

    /** ParseInt(text, 10, bits) for 32 or 64 bits; a longer number is out of range even with garbage behind it. */
    static long parseInt(String text, int bits, String function) throws GoParseException {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        if (digits.isEmpty()) {
            throw GoParseException.syntax(function, text);
        }
        long value = 0; // unsigned
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw GoParseException.syntax(function, text);
            }
            value = appendDigit(value, digit, bits, function, text);
        }
        long limit = 1L << (bits - 1); // unsigned: 2^63 for 64 bits
        int beyond = Long.compareUnsigned(value, limit);
        if (negative ? beyond > 0 : beyond >= 0) {
            throw GoParseException.range(function, text);
        }
        return negative ? -value : value;
    }

    private static long appendDigit(long value, int digit, int bits, String function, String text)
            throws GoParseException {
        long largest = bits == 64 ? -1L : (1L << bits) - 1; // unsigned
        long room = Long.divideUnsigned(largest - digit, 10);
        if (Long.compareUnsigned(value, room) > 0) {
            throw GoParseException.range(function, text);
        }
        return value * 10 + digit;
    }

    static boolean parseBool(String text) throws GoParseException {
        return switch (text) {
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            case "0", "f", "F", "FALSE", "false", "False" -> false;
            default -> throw GoParseException.syntax("ParseBool", text);
        };
    }

    static double parseFloat(String text) throws GoParseException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> parseFinite(text);
        };
    }

    private static double parseFinite(String text) throws GoParseException {
        boolean hexadecimal = text.contains("x") || text.contains("X");
        Pattern misplaced = hexadecimal ? MISPLACED_HEXADECIMAL_UNDERSCORE : MISPLACED_UNDERSCORE;
        String literal = text.replace("_", "");
        Pattern syntax = hexadecimal ? HEXADECIMAL : DECIMAL;
        if (misplaced.matcher(text).find() || !syntax.matcher(literal).matches()) {
            throw GoParseException.syntax("ParseFloat", text);
        }
        double value = Double.parseDouble(literal);
        if (Double.isInfinite(value)) {
            throw GoParseException.range("ParseFloat", text);
        }
        return value;
    }
}
