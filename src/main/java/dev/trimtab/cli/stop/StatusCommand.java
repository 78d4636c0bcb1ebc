package dev.trimtab.cli.stop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.cli.ClusterEvent;
import dev.trimtab.cli.ListingOptions;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.SettingsOptions.KnativeOption;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Version;
import dev.trimtab.cli.stop.StatusOutput.StoppedRow;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.HeldPods;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.lifecycle.StoppedService;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trimtab status}: lists stopped services, and the GPUs that they still hold. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Lists stopped services, what they still hold, and what they gave back.",
        sortOptions = false,
        customSynopsis = "trimtab status [-n NAMESPACE | -A] [-o FORMAT]%n"
                + "                      [--knative-namespace NAMESPACE]%n"
                + "                      [--kubeconfig FILE] [--context NAME]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Covers InferenceServices, InferenceGraphs and LLMInferenceServices. A service is",
            "released when it has no pods. KServe sets its condition Stopped long before.",
            "RELEASED is what Trimtab's controller counted, as long as the cluster keeps its",
            "Events. Below: services that somebody keeps up or down (trimtab keep), and",
            "Revisions that config-autoscaler no longer allows.",
            "Exit codes: 0, also if nothing is stopped; 2 if the cluster cannot be read, with",
            "one line on standard error."
        })
public final class StatusCommand implements Callable<Integer> {
    @Mixin
    private ListingOptions options;

    @Mixin
    private KnativeOption knative;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput, ApiProblem {
        options.check(spec.commandLine());
        try (LiveCluster cluster = options.open()) {
            Optional<String> namespace = options.namespace(cluster);
            List<Kept> kept = new ArrayList<>();
            List<StoppedService> stopped = stopped(cluster, namespace, kept);
            kept.sort(Comparator.comparing(Kept::toString));
            stopped.sort(
                    Comparator.comparing((StoppedService it) -> it.service().namespace())
                            .thenComparing(it -> it.service().name())
                            .thenComparing(StoppedService::kind));
            List<ClusterEvent> news = stopped.isEmpty()
                    ? List.of()
                    : cluster.news(namespace).stream().map(ClusterEvent::of).toList();
            StatusOutput printed = new StatusOutput(
                    spec.commandLine().getOut(),
                    stopped.stream().map(it -> StoppedRow.of(it, news)).toList(),
                    kept,
                    cluster.refusedRevisions(knative.namespace(), namespace));
            if (options.isJson()) {
                printed.json();
            } else {
                printed.table(namespace.map(it -> "in namespace " + it).orElse("in any namespace"), options.width());
            }
            return 0;
        }
    }

    /** @param kept gets the services that somebody keeps up or down, stopped or not */
    private List<StoppedService> stopped(LiveCluster cluster, Optional<String> namespace, List<Kept> kept)
            throws BadInput, ApiProblem {
        Instant now = Instant.now();
        List<StoppedService> stopped = new ArrayList<>();
        boolean installed = false;
        for (Stoppable kind : Stoppable.values()) {
            Optional<List<Manifest>> all = list(cluster, kind, namespace);
            installed |= all.isPresent();
            all.orElse(List.of()).forEach(it -> Kept.of(kind, it, now).ifPresent(kept::add));
            stopped.addAll(stopped(cluster, kind, namespace, all.orElse(List.of())));
        }
        if (!installed) {
            throw new BadInput(List.of("the cluster knows no InferenceService: KServe is not installed there"));
        }
        return stopped;
    }

    /** Older Roles do not name LLMInferenceServices. RBAC refuses them even if KServe does not have the kind. */
    private Optional<List<Manifest>> list(LiveCluster cluster, Stoppable kind, Optional<String> namespace)
            throws ApiProblem {
        try {
            return cluster.list(kind, namespace);
        } catch (ApiProblem problem) {
            if (kind == Stoppable.LLM_INFERENCE_SERVICE && problem.isForbidden()) {
                spec.commandLine().getErr().println("Warning: not listed: " + problem.getMessage());
                return Optional.empty();
            }
            throw problem;
        }
    }

    private static List<StoppedService> stopped(
            LiveCluster cluster, Stoppable kind, Optional<String> namespace, List<Manifest> all) throws ApiProblem {
        List<Manifest> stopped = all.stream().filter(StopAnnotation::isStopped).toList();
        if (stopped.isEmpty()) {
            return List.of();
        }
        Map<String, List<JsonNode>> pods = new HashMap<>();
        for (JsonNode pod : cluster.podsOf(kind, namespace)) {
            String owner =
                    pod.path("metadata").path("labels").path(kind.nameLabel()).asText("");
            pods.computeIfAbsent(pod.at("/metadata/namespace").asText("") + "/" + owner, key -> new ArrayList<>())
                    .add(pod);
        }
        return stopped.stream()
                .map(it -> new StoppedService(
                        kind, it, HeldPods.of(pods.getOrDefault(it.namespace() + "/" + it.name(), List.of()))))
                .toList();
    }
}
