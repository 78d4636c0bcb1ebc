package dev.trimtab.policy;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which objects a profile is for. All must agree; an empty one agrees with every object.
 *
 * @param namespaces one of them must match the object's namespace
 * @param labels each of them must be on the object or on its pod template
 * @param modelFormats one of them must be the format of the model, as the InferenceService names it, in
 *     capitals or not
 * @param kinds one of them must be the object's kind
 */
public record Match(
        List<Glob> namespaces, Map<String, String> labels, Set<String> modelFormats, Set<ServiceKind> kinds) {
    /** Matches every object. */
    public static final Match EVERYTHING = new Match(List.of(), Map.of(), Set.of(), Set.of());

    public Match {
        namespaces = List.copyOf(namespaces);
        labels = Map.copyOf(labels);
        modelFormats = Set.copyOf(modelFormats);
        kinds = Set.copyOf(kinds);
    }

    /** Whether the profile is for {@code subject}. */
    public boolean matches(PolicyTarget subject) {
        return (kinds.isEmpty() || kinds.contains(subject.kind()))
                && (modelFormats.isEmpty()
                        || subject.modelFormat().filter(this::isNamed).isPresent())
                && (namespaces.isEmpty() || namespaces.stream().anyMatch(glob -> glob.matches(subject.namespace())))
                && labels.entrySet().stream().allMatch(label -> carries(subject, label));
    }

    /** Runtimes and authors do not agree on capitals: KServe's own runtime has {@code vLLM}. */
    private boolean isNamed(String format) {
        return modelFormats.stream().anyMatch(format::equalsIgnoreCase);
    }

    private static boolean carries(PolicyTarget subject, Map.Entry<String, String> label) {
        return label.getValue().equals(subject.labels().get(label.getKey()))
                || label.getValue().equals(subject.templateLabels().get(label.getKey()));
    }
}
