package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;

/** One write to the cluster. It may be repeated. Nothing is lost if the controller crashes after it. */
public sealed interface Step {
    /** Deletes the child. Kubernetes then deletes what the child owns. */
    record Delete(Child child) implements Step {
        @Override
        public String toString() {
            return "delete " + child;
        }
    }

    /**
     * Deletes what the child owns. A finalizer keeps the child itself in deletion, so KServe finds the child and makes
     * no new one. The child starts nothing any more.
     */
    record Hold(Child child) implements Step {
        @Override
        public String toString() {
            return "hold " + child;
        }
    }

    /** Removes the finalizer of a {@link Hold}. */
    record LetGo(Child child) implements Step {
        @Override
        public String toString() {
            return "let go of " + child;
        }
    }

    /** Shortens the grace period of a pod, in whole seconds. With 0 the API server removes the pod at once. */
    record EndPod(StoppingPod pod, Duration grace) implements Step {
        @Override
        public String toString() {
            return "end pod %s within %d s".formatted(pod.held().name(), grace.toSeconds());
        }
    }

    record WriteStatus(ArrayNode patch) implements Step {
        @Override
        public String toString() {
            return "write status";
        }
    }
}
