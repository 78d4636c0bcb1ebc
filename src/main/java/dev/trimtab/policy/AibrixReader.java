package dev.trimtab.policy;

import static dev.trimtab.policy.Fields.entries;
import static dev.trimtab.policy.Fields.get;
import static dev.trimtab.policy.Fields.in;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The key {@code aibrix} of a policy. It is the cluster's: a profile has none. */
final class AibrixReader {
    static final List<String> KEYS = List.of("checks", "rewriteDeadKeys", "metrics");
    static final List<String> CHECKS =
            Arrays.stream(AibrixCheck.values()).map(AibrixCheck::term).toList();

    private AibrixReader() {}

    static Aibrix read(Map<String, YamlValue> top, Aibrix unset) {
        Map<String, YamlValue> aibrix = in(top, "aibrix", KEYS);
        Map<String, YamlValue> written = in(aibrix, "checks", CHECKS);
        Map<AibrixCheck, Severity> checks = new EnumMap<>(AibrixCheck.class);
        for (AibrixCheck check : AibrixCheck.values()) {
            get(written, check.term(), value -> value.choice(Severity.class))
                    .ifPresent(severity -> checks.put(check, severity));
        }
        Set<String> metrics = new LinkedHashSet<>();
        entries(aibrix, "metrics").forEach(entry -> entry.text().ifPresent(metrics::add));
        return new Aibrix(
                checks, get(aibrix, "rewriteDeadKeys", YamlValue::bool).orElse(unset.rewriteDeadKeys()), metrics);
    }
}
