package dev.trimtab.cli.manifests;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.autoscalers.PodAutoscaler;
import dev.trimtab.cli.manifests.Preview.PreviewedDocument.Reviewed;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.ListedObject;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.AutoscalerGuard;
import dev.trimtab.review.AutoscalerGuard.AutoscalerVerdict;
import dev.trimtab.review.PartialObject;
import dev.trimtab.review.Review;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.WrittenOut;
import dev.trimtab.review.WrittenOut.Changes;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs documents through the reviewer that the webhook uses. */
public final class Preview {
    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);
    private final AutoscalerGuard autoscalers = new AutoscalerGuard(Reviewer.PLATFORM_NAMESPACES);
    private final Settings settings;
    private final String defaultNamespace;
    private final Map<String, Manifest> stored = new HashMap<>();

    /** Objects reviewed so far. As with {@code kubectl apply}, later objects of the input do not exist yet. */
    private ClusterView cluster = ClusterView.UNKNOWN;

    /** @param defaultNamespace namespace of objects that name none */
    public Preview(Settings settings, String defaultNamespace) {
        this.settings = settings;
        this.defaultNamespace = defaultNamespace;
    }

    /** Adds stored objects. An object of the same kind, namespace and name is then reviewed as an UPDATE. */
    void store(YamlDocument document) {
        ListedObject.of(document.content())
                .forEach(object -> stored.put(identity(object.manifest()), object.manifest()));
    }

    public PreviewedDocument of(ManifestFile file, YamlDocument document) {
        JsonNode after = document.content().deepCopy();
        List<Reviewed> reviewed = new ArrayList<>();
        for (ListedObject listed : ListedObject.of(document.content())) {
            Reviewed object = reviewed(file, document, listed.at(), listed.manifest());
            Review review = object.review();
            reviewed.add(object);
            if (review.isAllowed()) {
                after = listed.replaceIn(after, review.result());
            }
        }
        return new PreviewedDocument(document, after, reviewed);
    }

    Reviewed reviewed(ManifestFile file, YamlDocument document, JsonPointer at, Manifest object) {
        String namespace = namespace(object);
        Optional<PartialObject> missing = PartialObject.of(object);
        boolean left = missing.isPresent() || file.isPart();
        Review review = left
                ? Reviewer.left(object, missing.map(PartialObject::what).orElse("a part of a kustomization"), List.of())
                : reviewer.review(object, stored(object), namespace, settings);
        Optional<AutoscalerVerdict> verdict = Optional.empty();
        if (!left && object.kind() == Kind.POD_AUTOSCALER) {
            Manifest result = new Manifest(review.result());
            cluster = cluster.with(new PodAutoscaler(result.root(), namespace));
            Settings known = settings.withAutoscaling(it -> cluster);
            verdict = Optional.of(autoscalers.verdict(result, stored(object), namespace, known));
            review = review.with(verdict.get());
        }
        Reviewed reviewed = new Reviewed(
                at, place(document, at), namespace, object, stored(object), missing, file.isPart(), review, verdict);
        if (!left && !reviewed.isOurs()) {
            cluster = cluster.with(reviewed.inItsNamespace());
        }
        return reviewed;
    }

    ObjectNode writtenOut(Manifest object, Changes changes) {
        return new WrittenOut(reviewer, changes).of(object, stored(object), namespace(object), settings);
    }

    private Optional<Manifest> stored(Manifest object) {
        return Optional.ofNullable(stored.get(identity(object)));
    }

    private static String place(YamlDocument document, JsonPointer at) {
        String items = at.toString().replaceAll("/items/([0-9]+)", ".items[$1]");
        return "document " + document.index() + items.replaceFirst("[.]", ", ");
    }

    private String identity(Manifest manifest) {
        return String.join("/", manifest.kind().name(), namespace(manifest), manifest.name());
    }

    private String namespace(Manifest manifest) {
        return manifest.namespace().isEmpty() ? defaultNamespace : manifest.namespace();
    }

    record PreviewedDocument(YamlDocument document, JsonNode after, List<Reviewed> objects) {
        record Reviewed(
                JsonPointer at,
                String place,
                String namespace,
                Manifest before,
                Optional<Manifest> stored,
                Optional<PartialObject> missing,
                boolean isPart,
                Review review,
                Optional<AutoscalerVerdict> verdict) {
            boolean isOurs() {
                return before.kind() != Kind.OTHER && !isPart;
            }

            /** Returns why an object of a reviewed kind stays unchanged, and what to do. */
            Optional<String> leftBecause() {
                return missing.map(it ->
                        "%s is not a complete object (%s), left unchanged: if it is a patch, check what is rendered by trimtab check -k DIR"
                                .formatted(named(), it.what()));
            }

            String named() {
                return before.kindName() + " " + before.title();
            }

            Manifest inItsNamespace() {
                if (!before.namespace().isEmpty()
                        || !before.root().path("metadata").isObject()) {
                    return before;
                }
                ObjectNode root = before.root().deepCopy();
                root.withObject("/metadata").put("namespace", namespace);
                return new Manifest(root);
            }

            String heading(ManifestFile file) {
                return "%s (%s, %s)".formatted(named(), file.name(), place);
            }
        }
    }
}
