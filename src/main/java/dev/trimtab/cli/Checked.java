package dev.trimtab.cli;

import dev.trimtab.yaml.Position;
import java.util.List;

/**
 * One object and what a check has found in it.
 *
 * @param file as the user named it
 * @param at where the object begins
 * @param object kind and name, as people write them
 * @param namespace where it goes
 */
record Checked(String file, Position at, String object, String namespace, List<Finding> findings) {
    Checked {
        findings = List.copyOf(findings);
    }

    /** The line that compilers print, and editors and CI systems find the place by. */
    String line(Finding finding) {
        return "%s: %s: %s".formatted(place(finding), finding.level(), text(finding));
    }

    String place(Finding finding) {
        return file + ":" + finding.at().line() + ":" + finding.at().column();
    }

    /** Without the place. */
    String text(Finding finding) {
        return "%s: %s: %s".formatted(object, finding.rule(), finding.message());
    }

    boolean isFound() {
        return findings.stream().anyMatch(it -> it.level().isFound());
    }
}
