package dev.trimtab.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.gpu.GpuClaim;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kserve.Rendering;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.rules.Scale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The GPUs that the start of a stopped service requests: those of the pods that its spec asks for at first, or those that
 * it held when it was stopped, if they are more. A ServingRuntime may ask for GPUs that the spec does not show.
 *
 * @param fill what Trimtab makes of an object that KServe creates
 * @param byDefault the mode of a service that names none
 * @param claimTemplate finds a ResourceClaimTemplate of the service's namespace by name
 */
public record StartDemand(
        Function<Manifest, ObjectNode> fill,
        DeploymentMode byDefault,
        AutoscalerConfig autoscaler,
        Function<String, Optional<JsonNode>> claimTemplate) {
    public long of(Candidate service) {
        GpuCount held = service.mark().map(StopMark::gpus).orElse(GpuCount.NONE);
        GpuCount asked =
                service.ref().kind() == Stoppable.LLM_INFERENCE_SERVICE ? llm(service.service()) : rendered(service);
        return Math.max(held.whole(), asked.whole());
    }

    private GpuCount rendered(Candidate service) {
        ObjectNode root = service.service().root().deepCopy();
        ObjectNode unused =
                root.withObject("/metadata").withObjectProperty("annotations").without(StopAnnotation.KEY);
        Manifest running = new Manifest(root);
        GpuCount all = GpuCount.NONE;
        Map<String, ObjectNode> workloads = Rendering.workloads(running, byDefault, autoscaler);
        for (Map.Entry<String, ObjectNode> workload : workloads.entrySet()) {
            JsonNode component =
                    Component.find(root, workload.getKey()).map(Component::node).orElse(root.path("none"));
            all = all.plus(ofWorkload(new Manifest(workload.getValue()), component));
        }
        return all;
    }

    private GpuCount ofWorkload(Manifest workload, JsonNode component) {
        KnativeService result = new KnativeService(fill.apply(workload));
        int pods = workload.kind() == Kind.KNATIVE_SERVICE
                ? new Scale(result.templateAnnotations(), autoscaler).startingPods()
                : Math.max(1, component.path("minReplicas").asInt(1));
        GpuCount pod = GpuCount.ofPod(result.template()).plus(claims(component));
        JsonNode worker = component.path("workerSpec");
        int workers = Math.max(0, worker.path("pipelineParallelSize").asInt(1) - 1);
        return pod.plus(pod(worker).times(workers)).times(pods);
    }

    private GpuCount llm(Manifest service) {
        JsonNode spec = service.root().path("spec");
        GpuCount devices = GpuClaim.ofAnnotations(service.annotations()::text);
        GpuCount decode = pod(spec.path("template")).plus(devices).plus(pod(spec.path("worker")));
        GpuCount prefill = pod(spec.at("/prefill/template"))
                .times(spec.at("/prefill/replicas").asInt(1));
        return decode.times(spec.path("replicas").asInt(1)).plus(prefill);
    }

    private GpuCount pod(JsonNode podSpec) {
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.set("spec", podSpec);
        return GpuCount.ofPod(pod).plus(claims(podSpec));
    }

    private GpuCount claims(JsonNode podSpec) {
        GpuCount all = GpuCount.NONE;
        for (JsonNode claim : podSpec.path("resourceClaims")) {
            String template = claim.path("resourceClaimTemplateName").asText("");
            all = all.plus(Optional.of(template)
                    .filter(it -> !it.isEmpty())
                    .flatMap(claimTemplate)
                    .map(GpuClaim::ofTemplate)
                    .orElse(GpuCount.NONE));
        }
        return all;
    }
}
