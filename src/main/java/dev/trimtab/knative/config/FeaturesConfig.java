package dev.trimtab.knative.config;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The flags of Knative's ConfigMap {@code config-features}, read as pkg/apis/config/features.go does (Knative 1.23).
 * Case does not matter. An unknown value leaves the default.
 *
 * @param flags by key, such as {@code kubernetes.podspec-nodeselector}; a missing flag is Disabled
 */
public record FeaturesConfig(Map<String, Flag> flags) {
    public static final String AFFINITY = "kubernetes.podspec-affinity";
    public static final String ADD_CAPABILITIES = "kubernetes.containerspec-addcapabilities";
    public static final String FIELD_REF = "kubernetes.podspec-fieldref";
    public static final String INIT_CONTAINERS = "kubernetes.podspec-init-containers";
    public static final String MULTI_CONTAINER = "multi-container";
    public static final String MULTI_CONTAINER_PROBING = "multi-container-probing";
    public static final String NODE_SELECTOR = "kubernetes.podspec-nodeselector";
    public static final String PERSISTENT_VOLUME_CLAIM = "kubernetes.podspec-persistent-volume-claim";
    public static final String PERSISTENT_VOLUME_WRITE = "kubernetes.podspec-persistent-volume-write";
    public static final String PRIORITY_CLASS_NAME = "kubernetes.podspec-priorityclassname";
    public static final String RUNTIME_CLASS_NAME = "kubernetes.podspec-runtimeclassname";
    public static final String SCHEDULER_NAME = "kubernetes.podspec-schedulername";
    public static final String SECURE_POD_DEFAULTS = "secure-pod-defaults";
    public static final String SECURITY_CONTEXT = "kubernetes.podspec-securitycontext";
    public static final String TOLERATIONS = "kubernetes.podspec-tolerations";
    public static final String EMPTY_DIR = "kubernetes.podspec-volumes-emptydir";
    public static final String MOUNT_PROPAGATION = "kubernetes.podspec-volumes-mount-propagation";

    /** After a fresh install: several containers and emptyDir, everything else off. */
    public static final FeaturesConfig DEFAULTS =
            new FeaturesConfig(Map.of(MULTI_CONTAINER, Flag.ENABLED, EMPTY_DIR, Flag.ENABLED));

    public enum Flag {
        ENABLED,
        /** The field is let through. */
        ALLOWED,
        DISABLED,
        /** Only for secure-pod-defaults: a container may run as root. */
        ALLOW_ROOT_BOUNDED
    }

    public FeaturesConfig {
        flags = Collections.unmodifiableMap(new TreeMap<>(flags));
    }

    /** Never fails: Knative refuses no value here. */
    public static FeaturesConfig parse(Map<String, String> data) {
        Map<String, Flag> flags = new TreeMap<>(DEFAULTS.flags);
        data.forEach((name, value) -> {
            Flag flag = read(name, value);
            if (flag != null) {
                flags.put(name, flag);
            }
        });
        return new FeaturesConfig(flags);
    }

    private static Flag read(String name, String value) {
        boolean podDefaults = name.equals(SECURE_POD_DEFAULTS);
        return switch (value == null ? "" : value.toLowerCase(Locale.ROOT)) {
            case "enabled" -> Flag.ENABLED;
            case "disabled" -> Flag.DISABLED;
            case "allowed" -> podDefaults ? null : Flag.ALLOWED;
            case "allowrootbounded" -> podDefaults ? Flag.ALLOW_ROOT_BOUNDED : null;
            default -> null;
        };
    }

    public Flag flag(String name) {
        return flags.getOrDefault(name, Flag.DISABLED);
    }

    /** For init containers, volumes and several containers: "Allowed" is not enough for these. */
    public boolean isEnabled(String name) {
        return flag(name) == Flag.ENABLED;
    }

    /** For most fields of the pod spec: any flag but Disabled is enough. */
    public boolean isAllowed(String name) {
        return flag(name) != Flag.DISABLED;
    }
}
