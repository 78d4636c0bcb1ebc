package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.FeaturesConfig;
import dev.trimtab.knative.golang.GoValues;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What Knative accepts of a container's volume mounts. A mount that cannot be written to is made read-only by Knative. */
final class MountRules {
    private static final Set<String> RESERVED = Set.of("/", "/dev", "/dev/log");

    private MountRules() {}

    /** Paths are relative to the container. */
    static List<FieldProblem> check(JsonNode container, Map<String, JsonNode> volumes, FeaturesConfig features) {
        List<FieldProblem> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<JsonNode> mounts = Fields.list(container, "volumeMounts");
        for (int i = 0; i < mounts.size(); i++) {
            JsonNode mount = mounts.get(i);
            List<FieldProblem> found = new ArrayList<>();
            JsonNode volume = volumes.get(Fields.text(mount, "name"));
            if (volume == null) {
                found.add(FieldProblem.of("volumeMount has no matching volume", "name"));
            } else if (Fields.isTrue(Fields.at(volume, "persistentVolumeClaim"), "readOnly")
                    && !Fields.isTrue(mount, "readOnly")) {
                found.add(FieldProblem.of("volume is readOnly but volume mount is not", "readOnly"));
            }
            found.addAll(path(Fields.text(mount, "mountPath"), seen));
            found.addAll(propagation(mount, features));
            problems.addAll(FieldProblem.under("volumeMounts[" + i + "]", found));
        }
        return problems;
    }

    private static List<FieldProblem> path(String path, Set<String> seen) {
        String clean = clean(path);
        boolean first = seen.add(clean);
        if (path.isEmpty()) {
            return List.of(FieldProblem.missing("mountPath"));
        }
        if (RESERVED.contains(clean)) {
            return List.of(FieldProblem.of("mountPath " + GoValues.quote(clean) + " is a reserved path", "mountPath"));
        }
        if (!path.startsWith("/")) {
            return List.of(FieldProblem.invalidValue(path, "mountPath"));
        }
        return first
                ? List.of()
                : List.of(FieldProblem.invalidValue(GoValues.quote(path) + " must be unique", "mountPath"));
    }

    private static List<FieldProblem> propagation(JsonNode mount, FeaturesConfig features) {
        if (!Fields.has(mount, "mountPropagation")) {
            return List.of();
        }
        List<FieldProblem> problems = new ArrayList<>();
        if (!features.isAllowed(FeaturesConfig.MOUNT_PROPAGATION)) {
            problems.add(FieldProblem.disallowed("mountPropagation"));
        }
        if (!features.isEnabled(FeaturesConfig.MOUNT_PROPAGATION)) {
            problems.add(FieldProblem.of("Volume Mount Propagation support is disabled, but found volume mount "
                    + Fields.text(mount, "name") + " with mount propagation"));
        }
        if (!Set.of("None", "HostToContainer").contains(Fields.text(mount, "mountPropagation"))) {
            problems.add(
                    FieldProblem.of("mount propagation should be set to None or HostToContainer", "mountPropagation"));
        }
        return problems;
    }

    /** Go's path.Clean of an absolute path: no double slash, no dot. */
    private static String clean(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return (path.startsWith("/") ? "/" : "") + String.join("/", parts);
    }
}
