package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.FeaturesConfig;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Mounts a model from a dataset, so the image need not contain it.
 *
 * <p>Annotation {@code trimtab.dev/dataset: NAME} or {@code NAME:/mount/path} on the template names a
 * PersistentVolumeClaim in the service's namespace. Fluid makes such a claim for each Dataset, with the same name.
 * This rule adds a volume {@code dataset-NAME} of that claim and mounts it in the serving container, both read-only,
 * at {@code /data/models} or at the annotation's path. If the author already has a volume of that claim, the rule
 * mounts that volume. If the serving container already mounts it, the rule does nothing.
 *
 * <p>Knative allows such volumes only with {@code kubernetes.podspec-persistent-volume-claim: enabled} in {@code
 * config-features}: without it this rule warns and changes nothing. It also warns and changes nothing if the path or
 * the volume's name is taken.
 *
 * <p>Example: {@code trimtab.dev/dataset: "llama:/models"} gives {@code volumes: [{name: dataset-llama,
 * persistentVolumeClaim: {claimName: llama, readOnly: true}}]} and {@code volumeMounts: [{name: dataset-llama,
 * mountPath: /models, readOnly: true}]}. Source: Knative 1.23, k8s_validation.go 105-143; Fluid,
 * docs/en/samples/knative.md.
 */
final class ModelVolumeRule implements WorkloadRule {
    private static final JsonPointer VOLUMES = KnativeService.POD_SPEC.appendProperty("volumes");

    @Override
    public void apply(Draft draft, Facts facts) {
        Optional<DatasetAnnotation> dataset =
                draft.templateAnnotations().text(DatasetAnnotation.ANNOTATION).flatMap(DatasetAnnotation::parse);
        if (dataset.isEmpty()) {
            return;
        }
        if (draft.kind() != Kind.DEPLOYMENT
                && !facts.knative().features().isEnabled(FeaturesConfig.PERSISTENT_VOLUME_CLAIM)) {
            draft.warn(
                    DatasetAnnotation.AT,
                    "%s needs %s: enabled in config-features"
                            .formatted(DatasetAnnotation.ANNOTATION, FeaturesConfig.PERSISTENT_VOLUME_CLAIM));
        } else {
            Container.serving(draft.service().root()).ifPresent(container -> mount(draft, container, dataset.get()));
        }
    }

    private void mount(Draft draft, Container container, DatasetAnnotation dataset) {
        JsonPointer mounts = container.field("volumeMounts");
        if (!draft.canTakeEntries(VOLUMES) || !draft.canTakeEntries(mounts)) {
            // No list: the author's mistake, which Knative or the API server refuses with its own message.
            return;
        }
        Optional<JsonNode> claimed = find(draft.value(VOLUMES), "/persistentVolumeClaim/claimName", dataset.name());
        String volume = claimed.map(it -> it.path("name").asText()).orElse(dataset.volumeName());
        if (claimed.isEmpty() && find(draft.value(VOLUMES), "/name", volume).isPresent()) {
            draft.warn(DatasetAnnotation.AT, "no dataset is mounted: another volume has the name " + volume);
            return;
        }
        Optional<JsonNode> mounted = find(draft.value(mounts), "/name", volume);
        Optional<JsonNode> taken = stream(draft.value(mounts))
                .filter(mount -> dataset.isPath(mount.path("mountPath").asText()))
                .findFirst();
        if (mounted.isEmpty() && taken.isPresent()) {
            String by = taken.get().path("name").asText();
            draft.warn(
                    DatasetAnnotation.AT,
                    "no dataset is mounted: volume %s is at %s already".formatted(by, dataset.path()));
            return;
        }
        String because = "%s: %s".formatted(DatasetAnnotation.ANNOTATION, dataset.name());
        // What is there as it would be filled is recorded as ours, whoever wrote it; anything else is the author's.
        // A forecast promises no volume: what a runtime mounts may stand in its way.
        if (draft.containersAreKnown() && claimed.map(dataset.volume()::equals).orElse(true)) {
            draft.fillEntry(VOLUMES, dataset.volume(), because);
        }
        if (mounted.map(dataset.mount(volume)::equals).orElse(true)) {
            draft.fillEntry(mounts, dataset.mount(volume), because);
        } else {
            String at = mounted.get().path("mountPath").asText();
            draft.leave("volume %s stays as its author mounted it, at %s".formatted(volume, at));
        }
    }

    private static Optional<JsonNode> find(JsonNode entries, String field, String value) {
        return stream(entries)
                .filter(entry -> entry.at(field).asText().equals(value))
                .findFirst();
    }

    private static Stream<JsonNode> stream(JsonNode entries) {
        return StreamSupport.stream(entries.spliterator(), false);
    }
}
