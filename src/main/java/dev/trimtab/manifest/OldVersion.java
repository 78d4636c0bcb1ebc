package dev.trimtab.manifest;

import java.util.Optional;

/** Detects kinds of Knative, KServe and AIBrix in a group or version that was removed or never existed. */
public final class OldVersion {
    private OldVersion() {}

    /** When the version was removed, and what to write instead. Empty for current versions and for all other kinds. */
    public static Optional<String> of(Manifest object) {
        String written = object.apiVersion();
        String group = written.contains("/") ? written.substring(0, written.indexOf('/')) : "";
        String version = written.substring(written.indexOf('/') + 1);
        return switch (group) {
            case "serving.knative.dev" -> knative(object.kindName(), version);
            case "serving.kubeflow.org" -> kubeflow(object.kindName(), version);
            case "serving.kserve.io" -> kserve(object.kindName(), version);
            case "autoscaling.aibrix.ai" -> unknown(object, Kind.POD_AUTOSCALER);
            default -> elsewhere(object.kindName(), written);
        };
    }

    /** A kind in the wrong group, such as {@code kserve.io/v1beta1}. */
    private static Optional<String> elsewhere(String kind, String written) {
        boolean knative = written.startsWith("knative.dev/") && kind.equals("Service");
        return switch (knative ? "Knative" : kind) {
            case "InferenceService" -> Optional.of(never(written, Kind.INFERENCE_SERVICE.apiVersion()));
            case "InferenceGraph" -> Optional.of(never(written, Kind.INFERENCE_GRAPH.apiVersion()));
            case "Knative" -> Optional.of(never(written, Kind.KNATIVE_SERVICE.apiVersion()));
            default -> Optional.empty();
        };
    }

    /** Knative 0.19 removed v1alpha1 and v1beta1 (serving#8638, #9620). */
    private static Optional<String> knative(String kind, String version) {
        boolean known =
                switch (kind) {
                    case "Service", "Configuration", "Route", "Revision" -> true;
                    default -> false;
                };
        if (!known || version.equals("v1")) {
            return Optional.empty();
        }
        return version.equals("v1alpha1") || version.equals("v1beta1")
                ? Optional.of(gone("serving.knative.dev/" + version, "Knative 0.19", "serving.knative.dev/v1", ""))
                : Optional.of(never("serving.knative.dev/" + version, "serving.knative.dev/v1"));
    }

    /** KFServing became KServe in 0.7, with a new group. */
    private static Optional<String> kubeflow(String kind, String version) {
        String shape = version.equals("v1alpha2") ? " (spec.default.predictor is spec.predictor there)" : "";
        return switch (kind) {
            case "InferenceService", "KFService" ->
                Optional.of(gone(
                        "serving.kubeflow.org/" + version,
                        "KServe 0.7",
                        Kind.INFERENCE_SERVICE.apiVersion()
                                + (kind.equals("KFService") ? " and kind InferenceService" : ""),
                        shape));
            case "TrainedModel" ->
                Optional.of(gone("serving.kubeflow.org/" + version, "KServe 0.7", "serving.kserve.io/v1alpha1", ""));
            default -> Optional.empty();
        };
    }

    private static Optional<String> kserve(String kind, String version) {
        Optional<Kind> ours =
                switch (kind) {
                    case "InferenceService" -> Optional.of(Kind.INFERENCE_SERVICE);
                    case "InferenceGraph" -> Optional.of(Kind.INFERENCE_GRAPH);
                    default -> Optional.empty();
                };
        String written = "serving.kserve.io/" + version;
        return ours.map(Kind::apiVersion)
                .filter(current -> !current.equals(written))
                .map(current -> never(written, current));
    }

    private static Optional<String> unknown(Manifest object, Kind kind) {
        boolean wrong = object.kindName().equals(kind.displayName())
                && !object.apiVersion().equals(kind.apiVersion());
        return wrong ? Optional.of(never(object.apiVersion(), kind.apiVersion())) : Optional.empty();
    }

    private static String gone(String written, String since, String current, String shape) {
        return "%s was removed in %s: write %s%s".formatted(written, since, current, shape);
    }

    private static String never(String written, String current) {
        return "there is no %s: write %s".formatted(written.isEmpty() ? "apiVersion" : written, current);
    }
}
