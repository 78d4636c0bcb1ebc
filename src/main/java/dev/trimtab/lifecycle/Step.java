package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;

/** One write to the cluster. Each may be done twice, and nothing is lost when it is the last one before a crash. */
public sealed interface Step {
    /** Takes the child away; what it owns goes after it. */
    record Delete(Child child) implements Step {
        @Override
        public String toString() {
            return "delete " + child;
        }
    }

    /**
     * Takes away what the child owns, and keeps the child itself there, on its way out: KServe finds it and makes no
     * other, and nothing comes of it any more.
     */
    record Hold(Child child) implements Step {
        @Override
        public String toString() {
            return "hold " + child;
        }
    }

    /** Ends a {@link Hold}. */
    record LetGo(Child child) implements Step {
        @Override
        public String toString() {
            return "let go of " + child;
        }
    }

    /** Gives a pod less time to end, in whole seconds; with 0 the API server forgets it at once. */
    record EndPod(StoppingPod pod, Duration grace) implements Step {
        @Override
        public String toString() {
            return "end pod %s within %d s".formatted(pod.held().name(), grace.toSeconds());
        }
    }

    /** Writes the status of a service that KServe does not write. */
    record WriteStatus(ArrayNode patch) implements Step {
        @Override
        public String toString() {
            return "write status";
        }
    }
}
