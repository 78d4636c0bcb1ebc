package dev.trimtab.cli.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.drift.LeavePlan;
import dev.trimtab.drift.LeavePlanner;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.Child;
import dev.trimtab.lifecycle.Child.ChildKind;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists the objects of a cluster that Trimtab has filled or holds, and the stopped services. */
final class LeaveScan {
    private final LiveCluster cluster;
    private final Optional<String> namespace;
    private final LeavePlanner leaving;

    private final Map<ObjectKey, Manifest> owners = new HashMap<>();
    private final List<ServiceRef> stopped = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private final List<LeavePlan> departures = new ArrayList<>();
    private boolean installed;

    LeaveScan(LiveCluster cluster, Optional<String> namespace, LeavePlanner leaving) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.leaving = leaving;
    }

    /**
     * An object with Trimtab's finalizer, which keeps it in deletion so that KServe does not create it again.
     *
     * @param service service that owns the object; empty if no service that can be stopped owns it
     */
    record Held(Child child, Optional<ServiceRef> service) {}

    /** @param stopped services that KServe keeps stopped by itself */
    record Seen(List<LeavePlan> departures, List<ServiceRef> stopped, List<Held> held) {
        List<LeavePlan> with(LeavePlan.Outcome outcome) {
            return departures.stream().filter(it -> it.is(outcome)).toList();
        }
    }

    Seen run() throws BadInput, ApiProblem {
        for (Stoppable kind : Stoppable.values()) {
            services(kind);
        }
        workloads(Kind.KNATIVE_SERVICE, ChildKind.KNATIVE_SERVICE);
        if (!installed) {
            throw new BadInput(List.of(Scan.NOTHING_INSTALLED));
        }
        workloads(Kind.DEPLOYMENT, ChildKind.DEPLOYMENT);
        List<ServiceRef> byKserve = stopped.stream()
                .filter(it -> held.stream()
                        .noneMatch(child -> child.service().filter(it::equals).isPresent()))
                .toList();
        return new Seen(departures.stream().sorted().toList(), byKserve, List.copyOf(held));
    }

    private void services(Stoppable kind) throws ApiProblem {
        Optional<List<Manifest>> found;
        try {
            found = cluster.list(kind, namespace);
        } catch (ApiProblem problem) {
            // Older Roles do not name this kind.
            if (kind != Stoppable.LLM_INFERENCE_SERVICE || !problem.isForbidden()) {
                throw problem;
            }
            return;
        }
        installed |= found.isPresent();
        for (Manifest it : found.orElse(List.of())) {
            if (StopAnnotation.isStopped(it)) {
                stopped.add(new ServiceRef(kind, it.namespace(), it.name()));
            }
            ObjectNode root = it.root();
            root.put("apiVersion", kind.resource().apiVersion()).put("kind", kind.kindName());
            if (kind != Stoppable.LLM_INFERENCE_SERVICE) {
                owners.put(ObjectKey.of(it), it);
            }
        }
    }

    private void workloads(Kind kind, ChildKind childKind) throws ApiProblem {
        Optional<List<LeavePlan>> found =
                cluster.pages(RawClient.path(ResourceKind.valueOf(kind.name()), namespace.orElse("")), object -> {
                    // Items of a list have no apiVersion and kind, unless they are custom resources.
                    object.put("apiVersion", kind.apiVersion()).put("kind", kind.displayName());
                    Child child = Child.of(childKind, object);
                    if (child.held()) {
                        held.add(new Held(child, service(object)));
                    }
                    Manifest manifest = new Manifest(object);
                    return leaving.of(manifest, ObjectKey.ofOwner(manifest).map(owners::get));
                });
        installed |= found.isPresent();
        departures.addAll(found.orElse(List.of()));
    }

    private static Optional<ServiceRef> service(ObjectNode object) {
        return Child.controllerReference(object).flatMap(owner -> Arrays.stream(Stoppable.values())
                .filter(it -> it.kindName().equals(owner.path("kind").asText("")))
                .findFirst()
                .map(it -> new ServiceRef(
                        it,
                        object.at("/metadata/namespace").asText(""),
                        owner.path("name").asText(""))));
    }
}
