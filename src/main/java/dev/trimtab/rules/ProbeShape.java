package dev.trimtab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Handler;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Writes a probe of the policy in a form to which neither Knative nor the API server adds a field. With an added field,
 * the next review would see another value than the filled one.
 *
 * @param deployment true for a Deployment, in which the API server writes out each default; false for a Knative Service
 * @param service the name that stands for {@code {name}} in a path
 * @param port used if the handler names none
 */
record ProbeShape(boolean deployment, String service, int port) {
    private static final int STARTUP_PERIOD = 10;

    /**
     * The time that a startup probe allows if the start-up time is unknown: ten minutes, as in KServe's LLM template.
     */
    private static final int STARTUP_TRIES = 60;

    /**
     * {@code {name}} is the InferenceService's name if KServe renders the object: the model server does not know the
     * suffix.
     */
    static ProbeShape forContainer(Draft draft, Container container) {
        Manifest workload = draft.manifest();
        String name = workload.labels().getOrDefault(KnativeService.INFERENCE_SERVICE_LABEL, workload.name());
        int port = container.firstPort().orElse(Container.DEFAULT_PORT);
        return new ProbeShape(workload.kind() == Kind.DEPLOYMENT, name, port);
    }

    /** On Knative without a period: Knative then probes every 50 ms, and refuses a timeout or a failure threshold. */
    ObjectNode readiness(Handler handler) {
        ObjectNode probe = handler(handler);
        return deployment ? timed(probe, 5, 3) : probe.put("successThreshold", 1);
    }

    /** @param startup seconds to wait if there is no startup probe: otherwise the probe would kill a loading model */
    ObjectNode liveness(Handler handler, OptionalInt startup) {
        ObjectNode probe = handler(handler);
        startup.ifPresent(seconds -> probe.put("initialDelaySeconds", 2 * seconds));
        return deployment ? timed(probe, 10, 3) : probe;
    }

    /** @param startup seconds until the container answers; the probe allows twice that */
    ObjectNode startup(Handler handler, OptionalInt startup) {
        int tries =
                startup.isPresent() ? (2 * startup.getAsInt() + STARTUP_PERIOD - 1) / STARTUP_PERIOD : STARTUP_TRIES;
        return timed(handler(handler), STARTUP_PERIOD, tries);
    }

    /** Whether Knative's defaulting turns one probe into the other (Knative 1.23, revision_defaults.go 172-204). */
    static boolean isShortFor(JsonNode written, ObjectNode probe) {
        if (!(written instanceof ObjectNode) || written.equals(probe)) {
            return false;
        }
        ObjectNode defaulted = written.deepCopy();
        ProbeDefaults.fillIn(defaulted, probe.has("successThreshold"));
        return defaulted.equals(probe);
    }

    private static ObjectNode timed(ObjectNode probe, int period, int failures) {
        return probe.put("timeoutSeconds", 1)
                .put("periodSeconds", period)
                .put("successThreshold", 1)
                .put("failureThreshold", failures);
    }

    private ObjectNode handler(Handler handler) {
        ObjectNode probe = JsonNodeFactory.instance.objectNode();
        if (handler instanceof Handler.HttpGet get) {
            ObjectNode action = probe.putObject("httpGet");
            action.put("path", get.path().replace("{name}", service)).put("port", port(get.port()));
            if (deployment) {
                action.put("scheme", "HTTP");
            }
        } else if (handler instanceof Handler.TcpSocket socket) {
            probe.putObject("tcpSocket").put("port", port(socket.port()));
        } else if (handler instanceof Handler.Grpc grpc) {
            probe.putObject("grpc").put("port", port(grpc.port())).put("service", grpc.service());
        } else if (handler instanceof Handler.Exec exec) {
            exec.command().forEach(probe.putObject("exec").putArray("command")::add);
        }
        return probe;
    }

    private int port(Optional<Integer> written) {
        return written.orElse(port);
    }
}
