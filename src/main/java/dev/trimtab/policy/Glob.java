package dev.trimtab.policy;

import dev.trimtab.policy.PolicyProblem.Quoted;
import java.util.Optional;

/**
 * A pattern for the names of namespaces: {@code *} stands for any number of characters, none included, {@code ?} for
 * exactly one. Everything else stands for itself.
 *
 * @param pattern 1 to 128 characters out of a-z, 0-9, {@code -}, {@code *} and {@code ?}
 */
public record Glob(String pattern) {
    /** Room for a star beside each of the 63 characters of a namespace's name. */
    private static final int LONGEST = 128;

    /** @throws IllegalArgumentException if the pattern is empty, too long, or can match no namespace */
    public Glob {
        Names.require(flaw(pattern));
    }

    static Optional<String> flaw(String pattern) {
        if (pattern.isEmpty()) {
            return Optional.of("is empty and matches no namespace; * matches every one");
        }
        if (pattern.length() > LONGEST) {
            return Optional.of("is longer than " + LONGEST + " characters");
        }
        return pattern.codePoints()
                .filter(c -> !inNamespace(c) && c != '*' && c != '?')
                .mapToObj(c -> "matches no namespace: " + Quoted.of(Character.toString(c))
                        + " is in no namespace's name; use a-z, 0-9 and -, with * and ?")
                .findFirst();
    }

    private static boolean inNamespace(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }

    /** Whether the whole name matches. The number of steps is at most the product of both lengths. */
    public boolean matches(String name) {
        int at = 0;
        int in = 0;
        int star = -1;
        int afterStar = 0;
        while (in < name.length()) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                afterStar = in;
            } else if (at < pattern.length() && (pattern.charAt(at) == '?' || pattern.charAt(at) == name.charAt(in))) {
                at++;
                in++;
            } else if (star >= 0) {
                // The last star takes one more character. Earlier stars need not be tried again.
                at = star + 1;
                in = ++afterStar;
            } else {
                return false;
            }
        }
        return pattern.chars().skip(at).allMatch(c -> c == '*');
    }

    @Override
    public String toString() {
        return pattern;
    }
}
