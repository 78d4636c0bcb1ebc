package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.util.Optional;

/** The status that KServe gives a service; where KServe has no stop, our controller writes the condition Stopped. */
public record Conditions(Manifest service) {
    /** The reason of each condition Stopped that our controller wrote. KServe gives that condition none (kserve 0.20). */
    public static final String OURS = "StoppedByTrimtab";

    private static final String STOPPED = "Stopped";

    /** How the message of each condition begins that our controller wrote of a stopped service. */
    static final String BY_TRIMTAB = "taken down by Trimtab";

    static final String TAKEN_DOWN = BY_TRIMTAB + ": this KServe has no stop";

    /**
     * Set in the pass that issues the deletes, so long before the last pod is gone. An LLMInferenceService has no condition
     * for it, but a reason (kserve 0.20, LLM conditions {@code MainWorkloadReady} and others).
     */
    public boolean isStopped() {
        return isTrue(STOPPED)
                || find("MainWorkloadReady").path("reason").asText("").equals(STOPPED);
    }

    /** Whether KServe itself has written the condition Stopped, be it True or False: it knows what a stop is. */
    public boolean hasStopOfKServe() {
        JsonNode stopped = find(STOPPED);
        return stopped.isObject() && !stopped.path("reason").asText("").equals(OURS);
    }

    /** When KServe took it down. */
    public Optional<Instant> stoppedSince() {
        return isStopped()
                ? Times.read(
                        find(isTrue(STOPPED) ? STOPPED : "MainWorkloadReady").path("lastTransitionTime"))
                : Optional.empty();
    }

    /** Since when KServe says that it is not stopped any more, or never was. */
    public Optional<Instant> runningSince() {
        JsonNode stopped = find(STOPPED);
        return stopped.path("status").asText("").equals("False")
                ? Times.read(stopped.path("lastTransitionTime"))
                : Optional.empty();
    }

    /**
     * Whether KServe has it as ready, and not as stopped. {@code observedGeneration} says nothing of the service: KServe copies that
     * of the Knative Service or Deployment, which begins at 1 again with each start (kserve 0.14 to 0.20, PropagateStatus and
     * PropagateRawStatus).
     */
    public boolean isRunning() {
        return !isStopped() && isTrue("Ready");
    }

    /** Why it is not ready, in KServe's words. */
    public String notReady() {
        JsonNode ready = find("Ready");
        if (isStopped()) {
            return "KServe still has it as stopped";
        }
        if (ready.isMissingNode()) {
            return "KServe has not said whether it is ready";
        }
        StringBuilder text =
                new StringBuilder("Ready is ").append(ready.path("status").asText("Unknown"));
        for (String field : new String[] {"reason", "message"}) {
            String value = ready.path(field).asText("").strip();
            text.append(value.isEmpty() ? "" : ": " + value.replaceAll("\\s+", " "));
        }
        return text.toString();
    }

    private boolean isTrue(String type) {
        return find(type).path("status").asText("").equals("True");
    }

    private JsonNode find(String type) {
        for (JsonNode condition : service.root().at("/status/conditions")) {
            if (condition.path("type").asText("").equals(type)) {
                return condition;
            }
        }
        return service.root().at("/status/conditions/none");
    }
}
