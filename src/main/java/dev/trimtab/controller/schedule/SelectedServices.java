package dev.trimtab.controller.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.ControllerSettings.Exclusions;
import dev.trimtab.gpu.GpuClaim;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.HeldPods;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.lifecycle.StoppedService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import dev.trimtab.schedule.Candidate;
import dev.trimtab.schedule.Selector;
import dev.trimtab.schedule.ServingSchedule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Reads the services of a schedule, and what they hold. Keeps nothing. */
final class SelectedServices {
    private final RawClient objects;
    private final Exclusions exclusions;

    SelectedServices(RawClient objects, ControllerSettings settings) {
        this.objects = objects;
        this.exclusions = new Exclusions(objects, settings.excludedNamespaces());
    }

    /**
     * @param services those that only this schedule selects
     * @param contested names of other schedules, each with the services that it selects too; nobody stops or starts these
     */
    record Selected(List<Candidate> services, Map<String, List<ServiceRef>> contested) {
        Selected {
            services = List.copyOf(services);
            contested = Map.copyOf(contested);
        }
    }

    boolean isExcluded(String namespace) {
        return exclusions.isNamespace(namespace);
    }

    Selected of(ServingSchedule schedule) {
        Map<String, ServingSchedule> others = others(schedule);
        List<Candidate> services = new ArrayList<>();
        Map<String, List<ServiceRef>> contested = new TreeMap<>();
        for (Candidate service : list(schedule.namespace(), schedule.kinds(), schedule.selector())) {
            List<String> also = others.entrySet().stream()
                    .filter(it -> it.getValue().selects(service.ref(), service.service()))
                    .map(Map.Entry::getKey)
                    .toList();
            also.forEach(name ->
                    contested.computeIfAbsent(name, it -> new ArrayList<>()).add(service.ref()));
            if (also.isEmpty()) {
                services.add(service);
            }
        }
        return new Selected(services, contested);
    }

    /** The services that a schedule has stopped, whether it still selects them or not, without those of another one. */
    List<Candidate> stoppedBy(ServingSchedule schedule) {
        Map<String, ServingSchedule> others = others(schedule);
        return list(schedule.namespace(), schedule.kinds(), new Selector(List.of())).stream()
                .filter(it -> it.mark()
                        .filter(mark -> mark.schedule().equals(schedule.name()))
                        .isPresent())
                .filter(it -> others.values().stream().noneMatch(other -> other.selects(it.ref(), it.service())))
                .toList();
    }

    /** The other schedules of the namespace that act. */
    private Map<String, ServingSchedule> others(ServingSchedule schedule) {
        Map<String, ServingSchedule> others = new TreeMap<>();
        for (JsonNode item : objects.list(ResourceKind.SERVING_SCHEDULE, schedule.namespace(), "")) {
            Manifest other = new Manifest((ObjectNode) item);
            boolean another = !other.name().equals(schedule.name()) && !other.isBeingDeleted();
            if (another
                    && ServingSchedule.read(other) instanceof ServingSchedule.Valid valid
                    && valid.schedule().acts()) {
                others.put(other.name(), valid.schedule());
            }
        }
        return others;
    }

    private List<Candidate> list(String namespace, Set<Stoppable> kinds, Selector selector) {
        Predicate<Manifest> left = it -> it.isBeingDeleted() || it.isIgnored() || StoppedService.isModelMesh(it);
        List<Candidate> services = new ArrayList<>();
        for (Stoppable kind : kinds) {
            ResourceKind resource = kind.resource();
            objects.each(resource, namespace, selector.query(), item -> {
                // The API server leaves both out of the items of a list.
                ObjectNode root = ((ObjectNode) item)
                        .put("apiVersion", resource.apiVersion())
                        .put("kind", resource.kindName());
                Manifest service = new Manifest(root);
                if (selector.matches(service.labels()) && !left.test(service)) {
                    services.add(new Candidate(new ServiceRef(kind, namespace, service.name()), service));
                }
            });
        }
        return services;
    }

    /** What the pods of a service hold now, devices of claims included. */
    GpuCount held(ServiceRef ref) {
        List<JsonNode> pods =
                objects.list(ResourceKind.POD, ref.namespace(), ref.kind().selector(ref.name()));
        GpuCount held = HeldPods.of(pods).gpus();
        for (String claim : claims(pods)) {
            held = held.plus(objects.find(ResourceKind.RESOURCE_CLAIM, ref.namespace(), claim)
                    .map(GpuClaim::of)
                    .orElse(GpuCount.NONE));
        }
        return held;
    }

    private static Collection<String> claims(List<JsonNode> pods) {
        Map<String, String> names = new TreeMap<>();
        for (JsonNode pod : pods) {
            for (JsonNode claim : pod.at("/status/resourceClaimStatuses")) {
                add(names, claim);
            }
            for (JsonNode claim : pod.at("/spec/resourceClaims")) {
                add(names, claim);
            }
        }
        return names.values();
    }

    /** A claim that several pods share counts once. */
    private static void add(Map<String, String> names, JsonNode claim) {
        String name = claim.path("resourceClaimName").asText("");
        if (!name.isEmpty()) {
            names.put(name, name);
        }
    }

    Optional<JsonNode> claimTemplate(String namespace, String name) {
        return objects.find(ResourceKind.RESOURCE_CLAIM_TEMPLATE, namespace, name)
                .map(it -> it);
    }
}
