package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.FeaturesConfig;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Probes;
import dev.trimtab.policy.Probes.Handler;
import dev.trimtab.rules.RevisionDefaults.ProbeDefaults;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Probes the model server itself, not only its port.
 *
 * <p>By default Knative and KServe check only a TCP connection, so a server that opens its port before the model is
 * loaded gets requests too soon. From a profile's {@code probes} this rule fills {@code readinessProbe}, {@code
 * livenessProbe} and {@code startupProbe} of the serving container, each only if the container has none of that kind.
 * The readiness probe that Knative or KServe's Standard mode writes by default counts as none. A handler without a
 * port uses the container's first port, or 8080. {@code {name}} in a path is the name of the InferenceService, or
 * else of the Service. The rule leaves a probe with {@code {name}} out if the Service has only a {@code generateName}:
 * the API server makes the name after this rule.
 *
 * <p>On a Knative Service, readiness has no {@code periodSeconds}: Knative then probes many times a second, so a pod
 * gets its first request at once. A startup probe would switch that off, so the rule fills none there. Instead,
 * {@code livenessProbe} waits for twice the start-up time, if that is known (annotation {@code
 * trimtab.dev/startup-seconds} on the template, or a profile's {@code startupSeconds}). Knative takes a serving
 * container for a sidecar if another container has the port. Such a container gets probes only if {@code
 * multi-container-probing} is enabled in {@code config-features} and the profile names the port.
 *
 * <p>On a Deployment of KServe's Standard mode the rule writes out each field: readiness every 5 seconds, liveness
 * every 10, and a startup probe that allows twice the start-up time, or ten minutes if that is unknown.
 *
 * <p>It leaves what the author wrote. It warns if the author's readiness probe runs only every 10 seconds or less
 * often, and if the author's startup probe on a Knative Service may take longer than the progress deadline.
 *
 * <p>Example: a profile with {@code probes: readiness: httpGet: {path: /health}} gives {@code readinessProbe:
 * {httpGet: {path: /health, port: 8080}, successThreshold: 1}}. Source: Knative 1.23, k8s_validation.go 809-929,
 * revision_defaults.go 134-204; kserve 0.20, deployment_reconciler.go 304-336.
 */
final class ProbesRule implements WorkloadRule {
    static final String READINESS = "readinessProbe";
    static final String LIVENESS = "livenessProbe";
    static final String STARTUP = "startupProbe";
    private static final int SLOW = 10;

    @Override
    public void apply(Draft draft, Facts facts) {
        Probes wanted = facts.policy().serving().probes();
        Container.serving(draft.service().root()).ifPresent(container -> {
            if (draft.kind() == Kind.DEPLOYMENT) {
                DeploymentProbes.fill(draft, facts, container, wanted);
                warnIfSlow(draft, container);
            } else {
                ServiceProbes.fill(draft, facts, container, wanted);
                warnIfSlow(draft, container);
                ServiceProbes.warnIfTooLate(draft, facts, container);
            }
        });
    }

    static void fill(Draft draft, JsonPointer at, ObjectNode probe) {
        String because = Draft.FROM_POLICY;
        if (ProbeShape.isShortFor(draft.value(at), probe)) {
            draft.writeOut(at, probe, because);
        } else {
            draft.fillOverNothing(at, probe, because);
        }
    }

    private static void warnIfSlow(Draft draft, Container container) {
        JsonPointer at = container.field(READINESS, "periodSeconds");
        JsonNode period = draft.value(at);
        boolean chosen = !DefaultedProbe.isAt(draft.service().root(), container.field(READINESS));
        if (chosen && period.isIntegralNumber() && period.longValue() >= SLOW) {
            draft.warn(
                    at,
                    "readinessProbe asks every %s s: a pod that is ready waits that long for requests"
                            .formatted(period.asText()));
        }
    }

    /** Of a Knative Service, whose readiness probe Knative's queue-proxy runs. */
    static final class ServiceProbes {
        private ServiceProbes() {}

        static void fill(Draft draft, Facts facts, Container container, Probes wanted) {
            if (wanted.isEmpty()) {
                return;
            }
            boolean sidecar = !container.getsTraffic();
            if (sidecar && !facts.knative().features().isEnabled(FeaturesConfig.MULTI_CONTAINER_PROBING)) {
                draft.leave(
                        "%s is a sidecar to Knative: it is probed with multi-container-probing: enabled in config-features"
                                .formatted(container.name()));
                return;
            }
            ProbeShape shape = ProbeShape.forContainer(draft, container);
            OptionalInt startup = AuthorHint.STARTUP.seconds(draft, facts);
            wanted.readiness()
                    .filter(it -> hasPort(draft, ProbesRule.READINESS, it, sidecar))
                    .filter(it -> shape.isNamed(draft, ProbesRule.READINESS, it))
                    .ifPresent(
                            it -> ProbesRule.fill(draft, container.field(ProbesRule.READINESS), shape.readiness(it)));
            boolean heldBack = draft.value(container.field(ProbesRule.STARTUP)).isObject();
            if (wanted.startup().isPresent() && !heldBack) {
                draft.leave("no startupProbe on a Knative Service: it would switch Knative's fast probing off");
            }
            wanted.liveness()
                    .filter(it -> hasPort(draft, ProbesRule.LIVENESS, it, sidecar))
                    .filter(it -> shape.isNamed(draft, ProbesRule.LIVENESS, it))
                    .ifPresent(it -> {
                        ObjectNode probe = shape.liveness(it, heldBack ? OptionalInt.empty() : startup);
                        ProbesRule.fill(draft, container.field(ProbesRule.LIVENESS), probe);
                    });
        }

        /** The port of a sidecar cannot be guessed: 8080 may be another container's. */
        private static boolean hasPort(Draft draft, String probe, Handler handler, boolean sidecar) {
            boolean named = handler instanceof Handler.Exec
                    || (handler instanceof Handler.HttpGet get && get.port().isPresent())
                    || (handler instanceof Handler.TcpSocket socket
                            && socket.port().isPresent())
                    || (handler instanceof Handler.Grpc grpc && grpc.port().isPresent());
            if (sidecar && !named) {
                draft.leave("no %s: of a sidecar to Knative, the policy has to name the port".formatted(probe));
            }
            return named || !sidecar;
        }

        static void warnIfTooLate(Draft draft, Facts facts, Container container) {
            JsonPointer at = container.field(ProbesRule.STARTUP);
            JsonNode probe = draft.value(at);
            if (!probe.isObject()) {
                return;
            }
            // Kubernetes' own defaults, which Knative passes on.
            long longest = number(probe, "initialDelaySeconds", 0)
                    + number(probe, "failureThreshold", 3) * number(probe, "periodSeconds", 10);
            long deadline = ProgressDeadlineRule.seconds(draft, facts);
            if (longest > deadline) {
                draft.warn(
                        at,
                        "startupProbe may take %d s, but Knative gives the revision up after %d s"
                                .formatted(longest, deadline));
            }
        }

        private static long number(JsonNode probe, String field, int otherwise) {
            JsonNode value = probe.path(field);
            return value.canConvertToInt() && value.intValue() > 0 ? value.intValue() : otherwise;
        }
    }

    /** Of a Deployment of KServe's Standard mode. Only the kubelet reads them. */
    static final class DeploymentProbes {
        /** KServe's name for the worker containers of a multi-node model, which have a Deployment of their own. */
        private static final String WORKER = "worker-container";

        private DeploymentProbes() {}

        static void fill(Draft draft, Facts facts, Container container, Probes wanted) {
            if (wanted.isEmpty()) {
                return;
            }
            if (container.name().equals(WORKER)) {
                draft.leave("a worker of a multi-node model answers no requests");
                return;
            }
            ProbeShape shape = ProbeShape.forContainer(draft, container);
            OptionalInt startup = AuthorHint.STARTUP.seconds(draft, facts);
            wanted.readiness()
                    .ifPresent(
                            it -> ProbesRule.fill(draft, container.field(ProbesRule.READINESS), shape.readiness(it)));
            wanted.startup()
                    .ifPresent(it ->
                            ProbesRule.fill(draft, container.field(ProbesRule.STARTUP), shape.startup(it, startup)));
            boolean heldBack = draft.value(container.field(ProbesRule.STARTUP)).isObject();
            wanted.liveness().ifPresent(it -> {
                ObjectNode probe = shape.liveness(it, heldBack ? OptionalInt.empty() : startup);
                ProbesRule.fill(draft, container.field(ProbesRule.LIVENESS), probe);
            });
        }
    }

    /**
     * Writes a probe so that neither Knative nor the API server adds a field: otherwise the next review would see
     * another value.
     *
     * @param deployment whether to write out the API server's defaults
     * @param service stands for {@code {name}} in a path; empty if the API server has yet to make the name
     * @param port if the handler names none
     */
    record ProbeShape(boolean deployment, String service, int port) {
        private static final String NAME = "{name}";
        private static final int STARTUP_PERIOD = 10;

        /** Ten minutes if the start-up time is unknown, as in KServe's LLM template. */
        private static final int STARTUP_TRIES = 60;

        /** {@code {name}} is the InferenceService's name on what KServe renders. */
        static ProbeShape forContainer(Draft draft, Container container) {
            Manifest workload = draft.manifest();
            String label = workload.labels().getOrDefault(KnativeService.INFERENCE_SERVICE_LABEL, "");
            String name = label.isEmpty() ? workload.name() : label;
            int port = container.firstPort().orElse(Container.DEFAULT_PORT);
            return new ProbeShape(workload.kind() == Kind.DEPLOYMENT, name, port);
        }

        /** Whether the name in a path is known. A path without the name would ask for a model that does not exist. */
        boolean isNamed(Draft draft, String probe, Handler handler) {
            boolean asksByName =
                    handler instanceof Handler.HttpGet get && get.path().contains(NAME);
            if (asksByName && service.isEmpty()) {
                draft.leave("no %s: its path has %s, and the API server makes the name from generateName only later"
                        .formatted(probe, NAME));
                return false;
            }
            return true;
        }

        /** On Knative without a period: Knative then probes every 50 ms. */
        ObjectNode readiness(Handler handler) {
            ObjectNode probe = handler(handler);
            return deployment ? timed(probe, 5, 3) : probe.put("successThreshold", 1);
        }

        /** @param startup seconds to wait if there is no startup probe: the probe would kill a loading model */
        ObjectNode liveness(Handler handler, OptionalInt startup) {
            ObjectNode probe = handler(handler);
            startup.ifPresent(seconds -> probe.put("initialDelaySeconds", 2 * seconds));
            return deployment ? timed(probe, 10, 3) : probe;
        }

        /** @param startup seconds; the probe allows twice that */
        ObjectNode startup(Handler handler, OptionalInt startup) {
            int tries = startup.isPresent()
                    ? (2 * startup.getAsInt() + STARTUP_PERIOD - 1) / STARTUP_PERIOD
                    : STARTUP_TRIES;
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
                action.put("path", get.path().replace(NAME, service)).put("port", port(get.port()));
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
}
