package dev.trimtab.drift;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.drift.LeavePlan.Outcome;
import dev.trimtab.drift.LeavePlan.Taken;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kserve.Rendering;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.rules.DefaultedProbe;
import dev.trimtab.rules.RevisionDefaults;
import dev.trimtab.snapshot.Revisions;
import dev.trimtab.stability.FillRecord;
import dev.trimtab.stability.LeftRecord;
import dev.trimtab.stability.TemplateComparison;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Plans how stored objects leave Trimtab.
 *
 * <p>KServe sends the author's template, without our fills, at each reconcile. So a rendered object gets that template
 * now: one new revision now, and none later. Its values come from the record and the InferenceService. A hand-written
 * object keeps its values and loses only the record.
 */
public record LeavePlanner(KnativeConfig knative, Revisions revisions) {
    private static final String OF_KSERVE = "serving.kserve.io/";
    private static final String READINESS = "readinessProbe";

    /** KServe writes this annotation into each of its Services (kserve 0.14 to 0.20, SetAutoScalingAnnotations). */
    private static final JsonPointer CLASS = KnativeService.annotation(ScaleAnnotation.CLASS.key());

    /**
     * @param owner the InferenceService or InferenceGraph that the object was rendered for
     * @return empty if the object never was Trimtab's, and if it is being deleted
     */
    public Optional<LeavePlan> of(Manifest stored, Optional<Manifest> owner) {
        boolean held = LeftRecord.isHeld(stored.root());
        boolean ours = held || LeftRecord.hasBegun(stored.root());
        boolean workload = stored.kind() == Kind.KNATIVE_SERVICE || stored.kind() == Kind.DEPLOYMENT;
        if (!ours || !workload || stored.isBeingDeleted()) {
            return Optional.empty();
        }
        ObjectNode after = RevisionDefaults.stored(withoutFills(stored, owner), knative.defaults());
        List<Taken> taken = taken(stored.root(), after);
        boolean rolls = !taken.isEmpty()
                && !ServiceRules.isSame(stored.root().at(KnativeService.TEMPLATE), after.at(KnativeService.TEMPLATE));
        Optional<String> refusal = rolls || held ? refusal(stored, after, rolls) : Optional.empty();
        if (refusal.isPresent()) {
            return Optional.of(departure(stored, Outcome.BLOCKED, taken, refusal.get(), after));
        }
        if (rolls) {
            return Optional.of(departure(stored, Outcome.ROLLS, taken, "", after));
        }
        if (held) {
            return Optional.of(departure(stored, Outcome.STAYS, List.of(), "", after));
        }
        Optional<String> missing = isRendered(stored) ? Readiness.missing(stored) : Optional.empty();
        return Optional.of(missing.map(it -> departure(stored, Outcome.STARTING, List.of(), it, after))
                .orElseGet(() -> departure(stored, Outcome.LEFT, List.of(), "", after)));
    }

    /** The object after the first write: without the record, and without the fills outside of its spec. */
    public ObjectNode released(Manifest stored, Optional<Manifest> owner) {
        ObjectNode released =
                isRendered(stored) ? withoutFills(stored, owner) : stored.root().deepCopy();
        released.set("spec", stored.root().path("spec"));
        LeftRecord.moveRecord(released);
        return released;
    }

    /** The object after the second write: the author's template, without our fills. */
    public ObjectNode finished(Manifest stored, Optional<Manifest> owner) {
        ObjectNode finished = withoutFills(stored, owner);
        LeftRecord.finish(finished);
        return finished;
    }

    /** The object as KServe renders it. A hand-written object stays as it is. */
    private ObjectNode withoutFills(Manifest stored, Optional<Manifest> owner) {
        ObjectNode without = stored.root().deepCopy();
        if (!isRendered(stored)) {
            return without;
        }
        ObjectNode rendered = owner.flatMap(it -> rendered(it, stored)).orElseGet(without::objectNode);
        LeftRecord.takeOut(without, at -> !isWritten(rendered, stored.root(), at));
        if (stored.kind() == Kind.DEPLOYMENT) {
            FillRecord record = LeftRecord.record(stored.root());
            for (Container container : Container.of(without)) {
                JsonPointer at = container.field(READINESS);
                if (record.filled().containsKey(at) && Pointers.isAbsent(without.at(at))) {
                    DefaultedProbe.ofKserve(container).ifPresent(probe -> Pointers.set(without, at, probe));
                }
            }
        }
        return without;
    }

    /** Whether KServe sends the same value again, since the author wrote it. */
    private static boolean isWritten(ObjectNode rendered, ObjectNode stored, JsonPointer at) {
        return at.equals(CLASS)
                || (!Pointers.isAbsent(rendered.at(at)) && TemplateComparison.same(rendered, stored, at));
    }

    private Optional<ObjectNode> rendered(Manifest owner, Manifest stored) {
        // The kind of the stored object shows the mode, if the owner does not.
        DeploymentMode mode = stored.kind() == Kind.DEPLOYMENT ? DeploymentMode.STANDARD : DeploymentMode.KNATIVE;
        return Rendering.workloads(owner, mode, knative.autoscaler()).values().stream()
                .filter(it -> new Manifest(it).name().equals(stored.name()))
                .findFirst();
    }

    private static boolean isRendered(Manifest stored) {
        return ObjectKey.ofOwner(stored).isPresent()
                || Stream.of(stored.metadata().path("ownerReferences"))
                        .flatMap(list -> list.valueStream())
                        .anyMatch(it -> it.path("apiVersion").asText("").startsWith(OF_KSERVE));
    }

    private Optional<String> refusal(Manifest stored, ObjectNode after, boolean rolls) {
        if (stored.kind() != Kind.KNATIVE_SERVICE) {
            return Optional.empty();
        }
        if (rolls && !new KnativeService(stored.root()).revisionName().isEmpty()) {
            return Optional.of(
                    "its author names the revision %s: Knative takes another template only under another name"
                            .formatted(new KnativeService(stored.root()).revisionName()));
        }
        List<String> now = ServiceRules.onCreate(stored.root(), knative);
        if (!now.isEmpty()) {
            return Optional.of(
                    "Knative refuses each write of it as it is stored (trimtab refresh may mend that): " + line(now));
        }
        List<String> then = rolls ? ServiceRules.onCreate(after, knative) : List.of();
        return then.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "Knative refuses what its author wrote, and KServe cannot write it either: " + line(then));
    }

    private static String line(List<String> reasons) {
        return String.join("; ", reasons).replaceAll("\\s*\\R\\s*", " ");
    }

    private static List<Taken> taken(ObjectNode stored, ObjectNode after) {
        FillRecord record = LeftRecord.record(stored);
        return Stream.concat(record.filled().keySet().stream(), record.clamped().keySet().stream())
                .distinct()
                .filter(at -> !ServiceRules.isSame(stored.at(at), after.at(at)))
                .map(at -> new Taken(at, stored.at(at), after(after, at)))
                .toList();
    }

    /** If an entry of a list is removed, the next one moves into its place. */
    private static JsonNode after(ObjectNode after, JsonPointer at) {
        return at.last().mayMatchElement() ? MissingNode.getInstance() : after.at(at);
    }

    private LeavePlan departure(Manifest stored, Outcome outcome, List<Taken> taken, String because, ObjectNode after) {
        boolean starts = outcome == Outcome.ROLLS || outcome == Outcome.STARTING;
        return new LeavePlan(
                ObjectKey.of(stored),
                ObjectKey.ofOwner(stored),
                outcome,
                outcome == Outcome.ROLLS && !LeftRecord.isHeld(stored.root()),
                taken,
                because,
                starts ? NewPods.of(stored, after, knative.autoscaler(), revisions) : 0,
                starts ? GpuCount.ofPod(new KnativeService(after).template()) : GpuCount.NONE);
    }
}
