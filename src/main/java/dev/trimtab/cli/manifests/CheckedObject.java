package dev.trimtab.cli.manifests;

import dev.trimtab.yaml.Position;
import java.util.List;
import java.util.Locale;

/**
 * One object and what a check has found in it.
 *
 * @param file as the user named it
 * @param at where the object begins
 * @param object kind and name, as people write them
 * @param namespace where it goes
 */
record CheckedObject(String file, Position at, String object, String namespace, List<Finding> findings) {
    CheckedObject {
        findings = List.copyOf(findings);
    }

    /** The line in the form of compilers, so editors and CI systems find the place. */
    String line(Finding finding) {
        return "%s: %s: %s".formatted(place(finding), finding.level(), text(finding));
    }

    String place(Finding finding) {
        return file + ":" + finding.at().line() + ":" + finding.at().column();
    }

    String text(Finding finding) {
        return "%s: %s: %s".formatted(object, finding.rule(), finding.message());
    }

    boolean isFound() {
        return findings.stream().anyMatch(it -> it.level().isFound());
    }

    /**
     * One thing that a check has found.
     *
     * @param rule that decided; {@code knative} where Knative refuses what Trimtab leaves to it
     * @param at where its author wrote it, or the nearest place that is there
     * @param message what is wrong, or what is made of it
     */
    record Finding(Level level, String rule, Position at, String message) {
        enum Level {
            /** The object would not be stored. */
            REFUSED,
            /** A value of the author would be changed. */
            CLAMPED,
            WARNING;

            boolean isFound() {
                return this != WARNING;
            }

            @Override
            public String toString() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }
}
