package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.util.Optional;

/** The conditions in the status of a service. If KServe has no stop, Trimtab writes the condition Stopped. */
public record Conditions(Manifest service) {
    /** Reason of Trimtab's own condition Stopped. KServe writes Stopped without a reason (kserve 0.20). */
    public static final String OURS = "StoppedByTrimtab";

    private static final String STOPPED = "Stopped";

    /** Start of the message of each condition that Trimtab wrote to a stopped service. */
    static final String BY_TRIMTAB = "taken down by Trimtab";

    static final String TAKEN_DOWN = BY_TRIMTAB + ": this KServe has no stop";

    /**
     * Whether the status says that the service is stopped. KServe sets Stopped when it issues the deletes, long before
     * the last pod is gone. An LLMInferenceService has no condition Stopped, but a reason of {@code MainWorkloadReady}
     * (kserve 0.20).
     */
    public boolean isStopped() {
        return isTrue(STOPPED)
                || find("MainWorkloadReady").path("reason").asText("").equals(STOPPED);
    }

    /** Whether KServe itself has written the condition Stopped, True or False. Then this KServe knows stops. */
    public boolean hasStopOfKServe() {
        JsonNode stopped = find(STOPPED);
        return stopped.isObject() && !stopped.path("reason").asText("").equals(OURS);
    }

    public Optional<Instant> stoppedSince() {
        return isStopped()
                ? Times.read(
                        find(isTrue(STOPPED) ? STOPPED : "MainWorkloadReady").path("lastTransitionTime"))
                : Optional.empty();
    }

    /** Empty if Stopped is not False. A service that never was stopped may have Stopped=False too. */
    public Optional<Instant> runningSince() {
        JsonNode stopped = find(STOPPED);
        return stopped.path("status").asText("").equals("False")
                ? Times.read(stopped.path("lastTransitionTime"))
                : Optional.empty();
    }

    /**
     * Whether the service is Ready and not stopped. {@code observedGeneration} says nothing about the service: KServe
     * copies it from the Knative Service or Deployment, where it begins at 1 with each start (kserve 0.14 to 0.20,
     * PropagateStatus and PropagateRawStatus).
     */
    public boolean isRunning() {
        return !isStopped() && isTrue("Ready");
    }

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
