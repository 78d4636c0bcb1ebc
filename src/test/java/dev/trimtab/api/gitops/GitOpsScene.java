package dev.trimtab.api.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Kubectl;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.gitops.GitOpsDiff.Comparison;
import dev.trimtab.api.gitops.GitOpsDiff.Shown;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A repository that a tool keeps in one namespace.
 *
 * @param git what it renders, with what the tool itself adds
 */
record GitOpsScene(Cluster cluster, GitOpsTool tool, String namespace, List<ObjectNode> git) {
    static GitOpsScene of(Cluster cluster, GitOpsTool tool, List<ObjectNode> manifests) {
        return of(cluster, tool, manifests, Map.of());
    }

    /** The same where Trimtab does nothing. */
    static GitOpsScene ignored(Cluster cluster, GitOpsTool tool, List<ObjectNode> manifests) {
        return of(cluster, tool, manifests, Map.of("trimtab.dev/ignore", "true"));
    }

    private static GitOpsScene of(
            Cluster cluster, GitOpsTool tool, List<ObjectNode> manifests, Map<String, String> labels) {
        String namespace = cluster.newNamespace(labels);
        List<ObjectNode> rendered = new ArrayList<>();
        for (ObjectNode manifest : manifests) {
            ObjectNode copy = manifest.deepCopy();
            ObjectNode metadata = copy.withObject("/metadata").put("namespace", namespace);
            if (tool == GitOpsTool.FLUX) {
                metadata.withObject("/labels").put("kustomize.toolkit.fluxcd.io/name", "models");
            } else {
                metadata.withObject("/annotations").put("argocd.argoproj.io/tracking-id", "models:" + namespace);
            }
            rendered.add(copy);
        }
        return new GitOpsScene(cluster, tool, namespace, List.copyOf(rendered));
    }

    void sync() {
        if (tool == GitOpsTool.FLUX) {
            git.forEach(this::takeFromKubectl);
        }
        Kubectl.Printed done = apply(tool.sync());
        assertThat(done.exitCode()).as(done.err()).isZero();
    }

    /** Where the tool sees a difference, by object and comparison; what it sees none of is left out. */
    SortedMap<String, List<String>> seen() {
        return seen(
                List.of(),
                switch (tool) {
                    case ARGO ->
                        List.of(
                                Comparison.ARGO,
                                Comparison.ARGO_SERVER_SIDE,
                                Comparison.ARGO_SERVER_SIDE_WITH_WEBHOOKS);
                    case ARGO_SERVER_SIDE ->
                        List.of(Comparison.ARGO_SERVER_SIDE, Comparison.ARGO_SERVER_SIDE_WITH_WEBHOOKS);
                    case FLUX -> List.of(Comparison.FLUX);
                });
    }

    /** @param ignored JSON pointers of ignoreDifferences */
    SortedMap<String, List<String>> seen(List<String> ignored, List<Comparison> by) {
        SortedMap<String, List<String>> seen = new TreeMap<>();
        for (Shown shown : new GitOpsDiff(cluster.kubectl.folder()).of(git, ignored)) {
            for (Comparison comparison : by) {
                List<String> differences = shown.by(comparison).stream()
                        .filter(at -> !isStatus(at))
                        .toList();
                if (!differences.isEmpty()) {
                    seen.put(comparison + ": " + shown.kind() + "/" + shown.name(), differences);
                }
            }
        }
        return seen;
    }

    /** Knative may write the status between two reads. Argo CD leaves it out for the kinds of a CRD. */
    private static boolean isStatus(String at) {
        return at.startsWith("/status/") || at.equals("/metadata/resourceVersion");
    }

    ObjectNode live() {
        return live(git.get(0));
    }

    /** The same repository after a commit. */
    GitOpsScene with(Consumer<ObjectNode> change) {
        List<ObjectNode> changed = git.stream().map(ObjectNode::deepCopy).toList();
        changed.forEach(change);
        return new GitOpsScene(cluster, tool, namespace, changed);
    }

    /** The generations of all that is stored. */
    List<Integer> generations() {
        return git.stream().map(it -> Models.generation(live(it))).toList();
    }

    ObjectNode live(ObjectNode wanted) {
        return cluster.api.get(
                kind(wanted), namespace, wanted.at("/metadata/name").asText());
    }

    /**
     * What Flux does before each apply (fluxcd/pkg, ssa/patch.go: patchReplaceFieldsManagers): the fields of whoever calls
     * itself kubectl become its own, so that what is not in Git goes.
     */
    private void takeFromKubectl(ObjectNode wanted) {
        ObjectNode live = cluster.api
                .find(kind(wanted), namespace, wanted.at("/metadata/name").asText())
                .orElse(Api.yaml("{metadata: {managedFields: []}}"));
        ObjectNode fields = Api.yaml("{}");
        ObjectNode entry = Api.yaml("{}");
        ArrayNode others = fields.arrayNode();
        boolean kubectl = false;
        for (JsonNode it : live.at("/metadata/managedFields")) {
            String manager = it.path("manager").asText();
            kubectl |= manager.startsWith("kubectl");
            if (manager.startsWith("kubectl") || manager.equals(tool.manager())) {
                entry.setAll((ObjectNode) it);
                addAll(fields, it.path("fieldsV1"));
            } else {
                others.add(it);
            }
        }
        if (kubectl) {
            entry.put("manager", tool.manager()).put("operation", "Apply").set("fieldsV1", fields);
            live.withObject("/metadata").set("managedFields", others.add(entry));
            cluster.api.update(kind(wanted), live);
        }
    }

    private static void addAll(ObjectNode into, JsonNode more) {
        more.properties().forEach(field -> addAll(into.withObject("/" + escaped(field.getKey())), field.getValue()));
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private Kubectl.Printed apply(List<String> arguments) {
        ObjectNode list = Api.yaml("{apiVersion: v1, kind: List}");
        list.putArray("items").addAll(git);
        return cluster.kubectl.apply(list.toString(), arguments.toArray(String[]::new));
    }

    private static Kind kind(ObjectNode object) {
        return Arrays.stream(Kind.values())
                .filter(it -> it.version().equals(object.path("apiVersion").asText())
                        && it.kindName().equals(object.path("kind").asText()))
                .findFirst()
                .orElseThrow();
    }
}
