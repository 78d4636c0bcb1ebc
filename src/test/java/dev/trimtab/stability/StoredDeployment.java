package dev.trimtab.stability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.Requests;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.Outcome.Course;
import java.util.Optional;

/**
 * One Deployment of Standard mode as a cluster has it, and KServe's reconcile: a dry-run UPDATE of the Deployment as it
 * renders it, a comparison of the answer's spec with the stored one, and where they differ a strategic merge patch that
 * makes the one of the other. The patch holds the differences only ({@code null} for what goes, as recorded of 0.15 to
 * 0.20), so what comes of it is the answer.
 */
final class StoredDeployment {
    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);
    private ObjectNode stored;
    private int generation;
    private Course lastChange = Course.CREATED;

    private StoredDeployment() {}

    static StoredDeployment create(ObjectNode rendered, Settings settings) {
        StoredDeployment created = new StoredDeployment();
        created.stored = created.admit(rendered, Optional.empty(), settings);
        created.generation = 1;
        return created;
    }

    void reconcile(ObjectNode rendered, Settings settings) {
        // The Deployment controller writes its own annotation, which KServe does not send.
        Pointers.set(
                stored,
                Pointers.of("metadata", "annotations", "deployment.kubernetes.io/revision"),
                stored.textNode(String.valueOf(generation)));
        ObjectNode answer = admit(rendered, Optional.of(stored), settings);
        if (answer.path("spec").equals(stored.path("spec"))) {
            return;
        }
        ObjectNode patched = admit(answer, Optional.of(stored), settings);
        assertThat(patched).as("the real request").isEqualTo(answer);
        stored = patched;
        generation++;
    }

    /** Goes up with each change of the spec; above 1 the pods were rolled. */
    int generation() {
        return generation;
    }

    /** What the last write that rolled the pods was taken for. */
    Course lastChange() {
        return lastChange;
    }

    private ObjectNode admit(ObjectNode sent, Optional<ObjectNode> old, Settings settings) {
        AdmissionResponse answer = Requests.send(reviewer, Requests.of(sent, old, false), settings);
        ObjectNode result = Requests.patched(sent, answer);
        AdmissionResponse again = Requests.send(reviewer, Requests.of(result, old, false), settings);
        assertThat((Object) again.patch()).as("reinvocation").isEqualTo(Pointers.diff(sent, sent));
        if (old.isPresent() && !result.path("spec").equals(old.get().path("spec"))) {
            lastChange = answer.review().course();
        }
        return result;
    }
}
