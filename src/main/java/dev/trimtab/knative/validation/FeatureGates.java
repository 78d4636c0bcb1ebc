package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.FeaturesConfig;
import java.util.Map;
import java.util.TreeMap;

/** The fields of a pod spec that Knative refuses unless a flag of {@code config-features} allows them. */
public final class FeatureGates {
    /** Stands in place of a field for a volume with a writable claim. */
    public static final String WRITABLE_CLAIM = "a writable claim";

    /** Fields that count as set even if they are an empty map. */
    private static final Map<String, String> POINTERS = Map.of(
            "affinity",
            FeaturesConfig.AFFINITY,
            "runtimeClassName",
            FeaturesConfig.RUNTIME_CLASS_NAME,
            "securityContext",
            FeaturesConfig.SECURITY_CONTEXT,
            "shareProcessNamespace",
            "kubernetes.podspec-shareprocessnamespace",
            "dnsConfig",
            "kubernetes.podspec-dnsconfig");
    /** Fields that count as set if they are not empty. */
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("topologySpreadConstraints", "kubernetes.podspec-topologyspreadconstraints"),
            Map.entry("hostAliases", "kubernetes.podspec-hostaliases"),
            Map.entry("nodeSelector", FeaturesConfig.NODE_SELECTOR),
            Map.entry("tolerations", FeaturesConfig.TOLERATIONS),
            Map.entry("priorityClassName", FeaturesConfig.PRIORITY_CLASS_NAME),
            Map.entry("schedulerName", FeaturesConfig.SCHEDULER_NAME),
            Map.entry("initContainers", FeaturesConfig.INIT_CONTAINERS),
            Map.entry("dnsPolicy", "kubernetes.podspec-dnspolicy"),
            Map.entry("hostIPC", "kubernetes.podspec-hostipc"),
            Map.entry("hostPID", "kubernetes.podspec-hostpid"),
            Map.entry("hostNetwork", "kubernetes.podspec-hostnetwork"));

    private FeatureGates() {}

    /** The flags that a pod spec needs and the cluster lacks, sorted by field or kind of volume. */
    public static Map<String, String> closed(JsonNode pod, FeaturesConfig features) {
        Map<String, String> closed = closedFields(pod, features);
        if (Fields.hasValue(pod, "initContainers") && !features.isEnabled(FeaturesConfig.INIT_CONTAINERS)) {
            closed.put("initContainers", FeaturesConfig.INIT_CONTAINERS);
        }
        closed.putAll(VolumeRules.closed(pod, features));
        return closed;
    }

    /** As {@link #closed}, without volumes. "Allowed" is enough for these flags. */
    static Map<String, String> closedFields(JsonNode pod, FeaturesConfig features) {
        Map<String, String> closed = new TreeMap<>();
        POINTERS.forEach((field, flag) -> {
            boolean podDefaults =
                    field.equals("securityContext") && features.isAllowed(FeaturesConfig.SECURE_POD_DEFAULTS);
            if (Fields.has(pod, field) && !podDefaults && !features.isAllowed(flag)) {
                closed.put(field, flag);
            }
        });
        VALUES.forEach((field, flag) -> {
            if (Fields.hasValue(pod, field) && !features.isAllowed(flag)) {
                closed.put(field, flag);
            }
        });
        return closed;
    }
}
