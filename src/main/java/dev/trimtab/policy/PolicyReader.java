package dev.trimtab.policy;

import static dev.trimtab.policy.Fields.get;
import static dev.trimtab.policy.Fields.in;

import dev.trimtab.kserve.DeploymentMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The keys of a policy. A key stands here when a rule of this release reads it, not before. */
final class PolicyReader {
    static final String API_VERSION = "trimtab.dev/v1alpha1";
    static final String KIND = "Policy";

    static final List<String> TOP = List.of(
            "apiVersion",
            "kind",
            "mode",
            "conflicts",
            "scaling",
            "gpu",
            "timeouts",
            "pinDefaults",
            "namespaces",
            "stop",
            "lifecycle",
            "start",
            "aibrix",
            "kserve",
            "profiles");
    static final List<String> TOP_IN_NAMESPACE = List.of("apiVersion", "kind", "profiles");
    static final List<String> TIMEOUTS = List.of("factor");
    static final List<String> GPU = List.of("dialect", "unit");
    static final List<String> KSERVE = List.of("defaultDeploymentMode");

    /** KServe's words, and those that it had before 0.16. ModelMesh is none of Trimtab's. */
    static final List<String> MODES = List.of("Knative", "Standard", "Serverless", "RawDeployment");

    static final List<String> NAMESPACES = List.of("allowProfiles");

    private static final Map<String, String> OF_THE_CLUSTER = TOP.stream()
            .filter(key -> !TOP_IN_NAMESPACE.contains(key))
            .collect(Collectors.toMap(
                    Function.identity(),
                    key -> "belongs into the cluster's policy; a namespace's own has "
                            + String.join(", ", TOP_IN_NAMESPACE)));

    private PolicyReader() {}

    /** The policy as far as it can be understood; it holds only if no problem was found. */
    static Optional<Policy> read(YamlValue root) {
        return root.fields(TOP).map(top -> {
            header(root, top, "apiVersion", API_VERSION);
            header(root, top, "kind", KIND);
            Policy unset = Policy.BUILT_IN;
            Overrides overrides = OverridesReader.read(top);
            return new Policy(
                    get(top, "mode", value -> value.choice(Mode.class)).orElse(unset.mode()),
                    overrides.conflicts().orElse(unset.conflicts()),
                    overrides.over(unset.scaling()),
                    get(in(top, "timeouts", TIMEOUTS), "factor", value -> Numbers.number(value, Bounds.TIMEOUTS_FACTOR))
                            .orElse(unset.timeoutsFactor()),
                    gpu(in(top, "gpu", GPU), unset.gpu()),
                    get(top, "pinDefaults", YamlValue::bool).orElse(unset.pinDefaults()),
                    get(in(top, "namespaces", NAMESPACES), "allowProfiles", YamlValue::bool)
                            .orElse(unset.namespaceProfiles()),
                    LifecycleReader.read(top, unset.lifecycle()),
                    AibrixReader.read(top, unset.aibrix()),
                    get(in(top, "kserve", KSERVE), "defaultDeploymentMode", value -> value.oneOf(MODES))
                            .flatMap(DeploymentMode::named)
                            .orElse(unset.defaultDeploymentMode()),
                    ProfilesReader.ofCluster(top));
        });
    }

    /** The profiles of a namespace's own policy, as far as they can be understood. */
    static List<Profile> readProfiles(YamlValue root) {
        return root.fields(TOP_IN_NAMESPACE, OF_THE_CLUSTER)
                .map(top -> {
                    header(root, top, "apiVersion", API_VERSION);
                    header(root, top, "kind", KIND);
                    return ProfilesReader.ofNamespace(top);
                })
                .orElse(List.of());
    }

    private static Gpu gpu(Map<String, YamlValue> fields, Gpu unset) {
        GpuDialect dialect =
                get(fields, "dialect", value -> value.choice(GpuDialect.class)).orElse(unset.dialect());
        Optional<GpuUnit> unit = get(fields, "unit", value -> value.choice(GpuUnit.class));
        if (unit.isPresent() && dialect.unit().isEmpty()) {
            fields.get("unit").refuse("is for the dialects aliyun, hami, volcano and qgpu; leave it out");
        }
        return new Gpu(dialect, unit);
    }

    private static void header(YamlValue root, Map<String, YamlValue> top, String key, String expected) {
        if (!top.containsKey(key)) {
            root.child(key).refuse("is missing; this release reads " + expected);
        }
        get(top, key, YamlValue::text)
                .filter(written -> !written.equals(expected))
                .ifPresent(written ->
                        top.get(key).refuse(Quoted.of(written) + " is not known; this release reads " + expected));
    }
}
