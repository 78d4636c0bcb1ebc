package dev.trimtab.stability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.Requests;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One Knative Service as a cluster has it: plays the API server, Knative's webhook after ours, and KServe's reconcile.
 * Every write is also held against what must always be so: a dry-run gives the same answer, and asking again after
 * Knative's defaulting (reinvocation) gives no further patch.
 */
final class StoredService {
    private static final String[] MANAGED = {"serving.knative.dev/creator", "serving.knative.dev/lastModifier"};

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);
    private Settings settings;
    private UnaryOperator<Settings> meanwhile = UnaryOperator.identity();
    private ObjectNode stored;
    private AdmissionResponse answer;
    private int generation;
    private boolean namespaceIgnored;

    private StoredService(Settings settings) {
        this.settings = settings;
    }

    static StoredService create(ObjectNode service, Settings settings) {
        StoredService created = new StoredService(settings);
        created.write(service);
        return created;
    }

    /** As it is stored where the webhook was down, or not yet installed. */
    static StoredService createUnseen(ObjectNode service, Settings settings) {
        StoredService created = new StoredService(settings);
        created.store(created.signed(KnativeDefaulting.apply(service, null, settings.knative())));
        return created;
    }

    void change(Settings now) {
        settings = now;
    }

    /** Whether the namespace has the label that keeps Trimtab off: its requests come to another path. */
    void ignoreNamespace(boolean ignored) {
        namespaceIgnored = ignored;
    }

    /** What becomes of the settings before each request, also between the two of one reconcile. */
    void meanwhile(UnaryOperator<Settings> change) {
        meanwhile = change;
    }

    /** A CREATE, or an UPDATE that puts this object in the place of the stored one. */
    void write(ObjectNode sent) {
        store(admit(sent, false));
    }

    /** What KServe does on each reconcile (kserve 0.20, ksvc_reconciler.go 262-331). */
    void reconcile(ObjectNode rendered) {
        adopt(dryRun(rendered));
    }

    /** The same where the real UPDATE met a conflict: KServe then sends what its dry-run was answered as a dry-run. */
    void reconcileAfterConflict(ObjectNode rendered) {
        adopt(dryRun(dryRun(rendered)));
    }

    /** The second of the two steps: the stored Service with what the dry-run was answered. */
    void adopt(ObjectNode desired) {
        ObjectNode existing = copy();
        ((ObjectNode) existing.path("spec")).set("template", desired.at("/spec/template"));
        ((ObjectNode) existing.path("spec")).set("traffic", desired.at("/spec/traffic"));
        ((ObjectNode) existing.path("metadata")).set("labels", desired.at("/metadata/labels"));
        write(existing);
    }

    /** The first of KServe's two steps: its own Service, and none of the stored annotations but Knative's. */
    ObjectNode dryRun(ObjectNode rendered) {
        ObjectNode desired = admit(signed(rendered.deepCopy()), true);
        // Knative fills this on CREATE only, so KServe takes it over.
        JsonNode links = stored.at("/spec/template/spec/enableServiceLinks");
        if (links.isBoolean() && !links.booleanValue()) {
            ((ObjectNode) desired.at("/spec/template/spec")).set("enableServiceLinks", links);
        }
        return desired;
    }

    ObjectNode copy() {
        return stored.deepCopy();
    }

    JsonNode template() {
        return stored.at(KnativeService.TEMPLATE).deepCopy();
    }

    /** The value of a template annotation as it is stored, empty for none. */
    String value(ScaleAnnotation key) {
        return new KnativeService(stored)
                .templateAnnotations()
                .value(key)
                .map(JsonNode::asText)
                .orElse("");
    }

    FillRecord record() {
        return FillRecord.of(stored);
    }

    /** To the last request. */
    AdmissionResponse answer() {
        return answer;
    }

    List<String> warnings() {
        return answer.review().warnings();
    }

    /** Goes up with each change of the spec; above 1 a revision came of it. */
    int generation() {
        return generation;
    }

    private ObjectNode admit(ObjectNode sent, boolean dryRun) {
        Optional<ObjectNode> old = Optional.ofNullable(stored);
        settings = meanwhile.apply(settings);
        answer = send(Requests.of(sent, old, dryRun));
        AdmissionResponse other = send(Requests.of(sent, old, !dryRun));
        assertThat(other.toJson()).as("the same on dry-run").isEqualTo(answer.toJson());
        assertThat(answer.review().refusal()).isEmpty();

        ObjectNode defaulted = KnativeDefaulting.apply(Requests.patched(sent, answer), stored, settings.knative());
        AdmissionResponse again = send(Requests.of(defaulted, old, dryRun));
        assertThat((Object) again.patch())
                .as("reinvocation after %s", answer.patch())
                .isEqualTo(Pointers.diff(sent, sent));
        assertThat(verdict(defaulted)).as("Knative's refusals").isEmpty();
        return old.isPresent() ? defaulted : signed(defaulted);
    }

    private AdmissionResponse send(ObjectNode review) {
        return namespaceIgnored
                ? Requests.sendIgnored(reviewer, review, settings)
                : Requests.send(reviewer, review, settings);
    }

    private List<String> verdict(ObjectNode service) {
        return stored == null
                ? ServiceRules.onCreate(service, settings.knative())
                : ServiceRules.onUpdate(service, stored, settings.knative());
    }

    private void store(ObjectNode service) {
        if (stored == null || !service.path("spec").equals(stored.path("spec"))) {
            generation++;
        }
        stored = service;
    }

    private ObjectNode signed(ObjectNode service) {
        for (String key : MANAGED) {
            Pointers.set(service, Pointers.of("metadata", "annotations", key), service.textNode("kserve"));
        }
        return service;
    }
}
