package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.FeaturesConfig;
import java.util.Map;
import java.util.TreeMap;

/** The fields of a pod spec that Knative refuses until a flag of {@code config-features} lets them through. */
public final class FeatureGates {
    /** In the place of a field: a volume of a claim that may be written to. */
    public static final String WRITABLE_CLAIM = "a writable claim";

    /** Fields that are set as soon as they are there, even as an empty map. */
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
    /** Fields that are set where they are not empty. */
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

    /**
     * What a pod spec has and Knative refuses for want of a flag: the flag, which must be Enabled, by the field or kind
     * of volume. In the order of the fields.
     */
    public static Map<String, String> closed(JsonNode pod, FeaturesConfig features) {
        Map<String, String> closed = closedFields(pod, features);
        if (Fields.hasValue(pod, "initContainers") && !features.isEnabled(FeaturesConfig.INIT_CONTAINERS)) {
            closed.put("initContainers", FeaturesConfig.INIT_CONTAINERS);
        }
        closed.putAll(VolumeRules.closed(pod, features));
        return closed;
    }

    /** As {@link #closed}, without volumes and for flags of which "Allowed" is enough. */
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
