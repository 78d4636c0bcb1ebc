package dev.trimtab.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.autoscalers.PodAutoscaler;
import dev.trimtab.autoscalers.Problem;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.print.Counted;
import dev.trimtab.cli.print.Table;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.RawClient;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import dev.trimtab.review.AutoscalerGuard;
import dev.trimtab.snapshot.Settings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Checks the PodAutoscalers of a cluster as admission would check them today. */
final class ScanAutoscalers {
    /** Other kinds that the checks look at, if they can be read. */
    private static final List<ResourceKind> NEIGHBOURS = List.of(
            ResourceKind.HORIZONTAL_POD_AUTOSCALER,
            ResourceKind.SCALED_OBJECT,
            ResourceKind.DEPLOYMENT,
            ResourceKind.RESOURCE_QUOTA);

    private final LiveCluster cluster;
    private final Optional<String> namespace;
    private final AutoscalerGuard guard;
    private final List<String> warnings = new ArrayList<>();

    /** @param leftOut namespaces that Trimtab ignores */
    ScanAutoscalers(LiveCluster cluster, Optional<String> namespace, Set<String> leftOut) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.guard = new AutoscalerGuard(leftOut);
    }

    /** @param warnings what could not be read */
    record Found(int count, List<Row> rows, List<String> warnings) {
        void print(OptionalInt width, PrintWriter out) {
            if (!rows.isEmpty()) {
                List<List<String>> lines = new ArrayList<>();
                lines.add(List.of("NAMESPACE", "PODAUTOSCALER", "CHECK", "NEW ONES", "FIELD", "WHY"));
                rows.forEach(it -> lines.add(it.cells()));
                out.println();
                new Table(lines, List.of("NEW ONES", "FIELD")).print(width, out);
            }
            if (count > 0) {
                out.println();
                out.println("%s: %s"
                        .formatted(
                                Counted.of(count, "PodAutoscaler"),
                                rows.isEmpty() ? "nothing wrong" : Counted.of(rows.size(), "finding")));
            }
        }

        void putInto(ArrayNode to) {
            rows.forEach(it -> it.put(to.addObject()));
        }
    }

    /** @param denied whether a new object like this would be refused */
    record Row(PodAutoscaler autoscaler, Problem problem, boolean denied) {
        List<String> cells() {
            return List.of(
                    autoscaler.namespace(),
                    autoscaler.name(),
                    problem.check().term(),
                    denied ? "denied" : "warned",
                    problem.path(),
                    problem.message());
        }

        void put(ObjectNode to) {
            to.put("namespace", autoscaler.namespace())
                    .put("name", autoscaler.name())
                    .put("check", problem.check().term())
                    .put("denied", denied)
                    .put("field", problem.path())
                    .put("because", problem.message());
        }
    }

    Found run(Settings settings) throws ApiProblem {
        // Everyone may read the API group. For the kind itself, RBAC answers "forbidden" even if it does not exist.
        if (cluster.get(ClusterView.GROUP, "/apis/" + ClusterView.GROUP).isMissingNode()) {
            return new Found(0, List.of(), warnings);
        }
        // A conflict may involve a PodAutoscaler of another namespace, so all readable namespaces are listed.
        List<Manifest> all = list(ResourceKind.POD_AUTOSCALER);
        if (all.isEmpty()) {
            return new Found(0, List.of(), warnings);
        }
        ClusterView known = ClusterView.UNKNOWN;
        for (Manifest autoscaler : all) {
            known = known.with(autoscaler);
        }
        for (ResourceKind kind : NEIGHBOURS) {
            for (Manifest object : list(kind)) {
                known = known.with(object);
            }
        }
        known = withDefinition(known);
        return found(known, settings);
    }

    private Found found(ClusterView known, Settings settings) {
        Settings with = settings.withAutoscaling(it -> known);
        List<PodAutoscaler> looked = known.inOrder()
                .filter(it -> namespace.filter(of -> !of.equals(it.namespace())).isEmpty())
                .filter(it -> guard.isChecked(new Manifest(it.root()), it.namespace()))
                .sorted(Comparator.comparing(PodAutoscaler::namespace).thenComparing(PodAutoscaler::name))
                .toList();
        List<Row> rows = new ArrayList<>();
        for (PodAutoscaler it : looked) {
            guard.problems(new Manifest(it.root()), it.namespace(), with)
                    .forEach(problem -> rows.add(new Row(it, problem, AutoscalerGuard.isDenied(problem, with))));
        }
        return new Found(looked.size(), rows, warnings);
    }

    /** Lists all namespaces, or the given one if the rights allow no more. Empty if nothing can be read. */
    private List<Manifest> list(ResourceKind kind) throws ApiProblem {
        try {
            return list(kind, Optional.empty());
        } catch (ApiProblem problem) {
            if (!problem.isForbidden()) {
                throw problem;
            }
        }
        try {
            return namespace.isPresent() ? list(kind, namespace) : notRead(kind.kindName() + "s");
        } catch (ApiProblem problem) {
            if (!problem.isForbidden()) {
                throw problem;
            }
            return notRead(kind.kindName() + "s");
        }
    }

    private List<Manifest> notRead(String what) {
        warnings.add("Warning: no right to read %s: PodAutoscalers are not checked against them".formatted(what));
        return List.of();
    }

    private List<Manifest> list(ResourceKind kind, Optional<String> of) throws ApiProblem {
        return cluster.pages(RawClient.path(kind, of.orElse("")), object -> {
                    // Items of a list have no apiVersion and kind.
                    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kindName());
                    return Optional.of(new Manifest(object));
                })
                .orElse(List.of());
    }

    private ClusterView withDefinition(ClusterView known) throws ApiProblem {
        try {
            JsonNode definition = cluster.get(
                    ClusterView.DEFINITION,
                    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + ClusterView.DEFINITION);
            return definition instanceof ObjectNode object ? known.with(new Manifest(object)) : known;
        } catch (ApiProblem problem) {
            if (!problem.isForbidden()) {
                throw problem;
            }
            return known;
        }
    }
}
