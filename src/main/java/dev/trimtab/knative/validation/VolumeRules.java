package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.FeaturesConfig;
import dev.trimtab.knative.golang.GoParsing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Checks volumes as Knative does. Most kinds need a flag of {@code config-features}. */
final class VolumeRules {
    /** Kinds without a flag, in Knative's order. */
    private static final List<String> FREE = List.of("secret", "configMap", "projected");

    /** The other kinds: the flag, and the word in Knative's message. */
    private enum Gated {
        emptyDir(FeaturesConfig.EMPTY_DIR, "EmptyDir"),
        persistentVolumeClaim(FeaturesConfig.PERSISTENT_VOLUME_CLAIM, ""),
        hostPath("kubernetes.podspec-volumes-hostpath", "HostPath"),
        csi("kubernetes.podspec-volumes-csi", "CSI"),
        ephemeral("kubernetes.podspec-volumes-ephemeral", "Ephemeral"),
        image("kubernetes.podspec-volumes-image", "Image");

        private final String flag;
        private final String word;

        Gated(String flag, String word) {
            this.flag = flag;
            this.word = word;
        }
    }

    private VolumeRules() {}

    /** Paths are relative to the pod spec. */
    static List<FieldProblem> check(JsonNode pod, FeaturesConfig features) {
        Set<String> mounted = mounted(pod);
        Set<String> seen = new HashSet<>();
        List<FieldProblem> problems = new ArrayList<>();
        List<JsonNode> volumes = Fields.list(pod, "volumes");
        for (int i = 0; i < volumes.size(); i++) {
            String name = Fields.text(volumes.get(i), "name");
            List<FieldProblem> found = new ArrayList<>();
            if (!seen.add(name)) {
                found.add(FieldProblem.of("duplicate volume name " + GoParsing.quote(name), "name"));
            }
            if (!mounted.contains(name)) {
                found.add(FieldProblem.of("volume with name " + GoParsing.quote(name) + " not mounted", "name"));
            }
            found.addAll(volume(volumes.get(i), name, features));
            problems.addAll(FieldProblem.under("volumes[" + i + "]", found));
        }
        return problems;
    }

    /** If two volumes have the same name, the last one counts, as in Knative. */
    static Map<String, JsonNode> byName(JsonNode pod) {
        Map<String, JsonNode> volumes = new LinkedHashMap<>();
        Fields.list(pod, "volumes").forEach(volume -> volumes.put(Fields.text(volume, "name"), volume));
        return volumes;
    }

    static Map<String, String> closed(JsonNode pod, FeaturesConfig features) {
        Map<String, String> closed = new TreeMap<>();
        for (JsonNode volume : Fields.list(pod, "volumes")) {
            for (Gated kind : Gated.values()) {
                if (Fields.has(volume, kind.name()) && !features.isEnabled(kind.flag)) {
                    closed.put(kind.name(), kind.flag);
                }
            }
            JsonNode claim = volume.path(Gated.persistentVolumeClaim.name());
            boolean writes = claim.isObject() && !Fields.isTrue(claim, "readOnly");
            if (writes && !features.isEnabled(FeaturesConfig.PERSISTENT_VOLUME_WRITE)) {
                closed.put(FeatureGates.WRITABLE_CLAIM, FeaturesConfig.PERSISTENT_VOLUME_WRITE);
            }
        }
        return closed;
    }

    private static Set<String> mounted(JsonNode pod) {
        Set<String> names = new HashSet<>();
        for (String kind : List.of("containers", "initContainers")) {
            for (JsonNode container : Fields.list(pod, kind)) {
                Fields.list(container, "volumeMounts").forEach(mount -> names.add(Fields.text(mount, "name")));
            }
        }
        return names;
    }

    private static List<FieldProblem> volume(JsonNode volume, String name, FeaturesConfig features) {
        List<FieldProblem> problems = new ArrayList<>();
        // If the name is invalid, Knative does not report missing flags.
        if (name.isEmpty()) {
            problems.add(FieldProblem.missing("name"));
        } else if (!DnsLabel.isRfc1123(name)) {
            problems.add(FieldProblem.invalidValue(name, "name"));
        } else {
            problems.addAll(gates(volume, name, features));
        }
        String[] disallowed = Arrays.stream(Gated.values())
                .filter(kind -> Fields.has(volume, kind.name()) && !features.isAllowed(kind.flag))
                .map(Enum::name)
                .toArray(String[]::new);
        if (disallowed.length > 0) {
            problems.add(FieldProblem.disallowed(disallowed));
        }
        problems.addAll(VolumeItems.check(volume));
        problems.addAll(kinds(volume, features));
        return problems;
    }

    private static List<FieldProblem> gates(JsonNode volume, String name, FeaturesConfig features) {
        List<FieldProblem> problems = new ArrayList<>();
        for (Gated kind : Gated.values()) {
            if (kind != Gated.persistentVolumeClaim
                    && Fields.has(volume, kind.name())
                    && !features.isEnabled(kind.flag)) {
                problems.add(FieldProblem.of(
                        kind.word + " volume support is disabled, but found " + kind.word + " volume " + name));
            }
        }
        if (Fields.has(volume, Gated.persistentVolumeClaim.name())) {
            JsonNode claim = volume.get(Gated.persistentVolumeClaim.name());
            String claimName = Fields.text(claim, "claimName");
            if (!features.isEnabled(FeaturesConfig.PERSISTENT_VOLUME_CLAIM)) {
                problems.add(FieldProblem.of("Persistent volume claim support is disabled, but found persistent volume"
                        + " claim " + claimName));
            }
            if (!Fields.isTrue(claim, "readOnly") && !features.isEnabled(FeaturesConfig.PERSISTENT_VOLUME_WRITE)) {
                problems.add(FieldProblem.of("Persistent volume write support is disabled, but found persistent volume"
                        + " claim " + claimName + " that is not read-only"));
            }
        }
        return problems;
    }

    private static List<FieldProblem> kinds(JsonNode volume, FeaturesConfig features) {
        List<String> known = new ArrayList<>(FREE);
        List<String> possible = new ArrayList<>(FREE);
        for (Gated kind : Gated.values()) {
            known.add(kind.name());
            if (features.isEnabled(kind.flag)) {
                possible.add(kind.name());
            }
        }
        String[] set = known.stream().filter(kind -> Fields.has(volume, kind)).toArray(String[]::new);
        if (set.length == 0) {
            return List.of(FieldProblem.of("expected exactly one, got neither", possible.toArray(String[]::new)));
        }
        return set.length > 1 ? List.of(FieldProblem.of("expected exactly one, got both", set)) : List.of();
    }

    /** Checks the items in volumes of Secrets, ConfigMaps and the pod's own fields. */
    static final class VolumeItems {
        private static final List<String> SOURCES =
                List.of("secret", "configMap", "serviceAccountToken", "downwardAPI");

        private VolumeItems() {}

        /** Knative leaves the kind of the volume out of the paths. */
        static List<FieldProblem> check(JsonNode volume) {
            List<FieldProblem> problems = new ArrayList<>();
            for (String kind : List.of("secret", "configMap")) {
                problems.addAll(files(Fields.at(volume, kind), "key", "path"));
            }
            List<JsonNode> sources = Fields.list(Fields.at(volume, "projected"), "sources");
            for (int i = 0; i < sources.size(); i++) {
                problems.addAll(FieldProblem.under("projected[" + i + "]", source(sources.get(i))));
            }
            return problems;
        }

        private static List<FieldProblem> source(JsonNode source) {
            List<FieldProblem> problems = new ArrayList<>();
            for (String kind : List.of("secret", "configMap")) {
                if (Fields.has(source, kind)) {
                    List<FieldProblem> found = new ArrayList<>(missing(source.get(kind), "name"));
                    found.addAll(files(source.get(kind), "key", "path"));
                    problems.addAll(FieldProblem.under(kind, found));
                }
            }
            if (Fields.has(source, "serviceAccountToken")) {
                problems.addAll(
                        FieldProblem.under("serviceAccountToken", missing(source.get("serviceAccountToken"), "path")));
            }
            problems.addAll(FieldProblem.under("downwardAPI", files(Fields.at(source, "downwardAPI"), "path")));
            String[] set =
                    SOURCES.stream().filter(kind -> Fields.has(source, kind)).toArray(String[]::new);
            if (set.length != 1) {
                problems.add(
                        set.length == 0
                                ? FieldProblem.of("expected exactly one, got neither", SOURCES.toArray(String[]::new))
                                : FieldProblem.of("expected exactly one, got both", set));
            }
            return problems;
        }

        private static List<FieldProblem> files(JsonNode parent, String... required) {
            List<FieldProblem> problems = new ArrayList<>();
            List<JsonNode> items = Fields.list(parent, "items");
            for (int i = 0; i < items.size(); i++) {
                problems.addAll(FieldProblem.under("items[" + i + "]", missing(items.get(i), required)));
            }
            return problems;
        }

        private static List<FieldProblem> missing(JsonNode node, String... required) {
            List<FieldProblem> problems = new ArrayList<>();
            for (String field : required) {
                if (Fields.text(node, field).isEmpty()) {
                    problems.add(FieldProblem.missing(field));
                }
            }
            return problems;
        }
    }
}
