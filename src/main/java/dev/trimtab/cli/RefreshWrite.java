package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.trimtab.cli.AnnotationChange.Changed;
import dev.trimtab.drift.Finding;
import dev.trimtab.drift.Inspection;
import dev.trimtab.drift.Look;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.drift.Readiness;
import dev.trimtab.drift.Roll;
import dev.trimtab.lifecycle.AnnotationPatch;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.stability.Contract;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks for the refresh of one service, and looks whether Trimtab's webhook did it. */
final class RefreshWrite {
    private final LiveCluster cluster;
    private final Inspection inspection;

    RefreshWrite(LiveCluster cluster, Inspection inspection) {
        this.cluster = cluster;
        this.inspection = inspection;
    }

    /**
     * What was written.
     *
     * @param awaited what is to come up again
     * @param problem why it is not as it should be; empty where it is
     */
    record Written(List<Awaited> awaited, String problem) {}

    /**
     * An object that comes up again.
     *
     * @param generation that it has then, or a later one
     */
    record Awaited(ObjectKey key, long generation) {}

    Written write(Roll roll) throws BadInput, ClusterProblem {
        List<Awaited> awaited = new ArrayList<>();
        boolean written = false;
        Optional<Manifest> whole = find(roll.key());
        for (Finding finding : roll.refreshed()) {
            if (find(finding.key()).isEmpty()) {
                // Deleted while the waves before it went on.
                continue;
            }
            boolean renders = finding.key().equals(roll.key());
            List<Awaited> rendered = renders ? next(roll.rendered()) : List.of();
            Changed changed = new AnnotationChange(cluster, ObjectRef.of(finding.key())).apply(this::patch);
            if (changed.after().isEmpty()) {
                continue;
            }
            String problem = problem(finding, changed.after().get());
            if (!problem.isEmpty()) {
                return new Written(List.of(), finding.key() + ": " + problem);
            }
            written = true;
            awaited.addAll(rendered);
            long generation = generation(changed.after().get());
            if (generation > generation(changed.before())
                    && !finding.key().kind().isRendered()) {
                awaited.add(new Awaited(finding.key(), generation));
            }
        }
        // What was not ready before is not made ready by a refresh: then only what rolls is waited for.
        if (written
                && roll.key().kind().isRendered()
                && whole.filter(it -> Readiness.missing(it).isEmpty()).isPresent()) {
            awaited.add(new Awaited(roll.key(), 0));
        }
        return new Written(awaited, "");
    }

    /** KServe copies the annotation into the template of each. */
    private List<Awaited> next(List<Finding> rendered) throws ClusterProblem {
        List<Awaited> next = new ArrayList<>();
        for (Finding it : rendered) {
            find(it.key()).ifPresent(object -> next.add(new Awaited(it.key(), generation(object) + 1)));
        }
        return next;
    }

    private Optional<ArrayNode> patch(Manifest object) {
        return inspection.of(object) instanceof Finding now && now.isRefreshed()
                ? Optional.of(AnnotationPatch.set(
                        object, Contract.REFRESH, Instant.now().toString()))
                : Optional.empty();
    }

    private String problem(Finding before, Manifest after) {
        Look look = inspection.of(after);
        if (!(look instanceof Finding left) || !left.differs()) {
            return "";
        }
        boolean asBefore = left.differences().stream().allMatch(it -> before.differences().stream()
                .anyMatch(was -> was.at().equals(it.at()) && was.before().equals(it.before())));
        return asBefore && left.differences().size() == before.differences().size()
                ? "the annotation is stored, and nothing was filled: Trimtab's webhook did not answer (is it running?)"
                : "filled, but not with what was to be: has the policy changed meanwhile? See trimtab scan";
    }

    private Optional<Manifest> find(ObjectKey key) throws ClusterProblem {
        return cluster.find(ObjectRef.of(key));
    }

    private static long generation(Manifest object) {
        return object.metadata().path("generation").asLong();
    }
}
