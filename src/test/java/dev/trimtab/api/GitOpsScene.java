package dev.trimtab.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.Api.Kind;
import dev.trimtab.gitops.ArgoDefaultDiff;
import dev.trimtab.gitops.ArgoServerSideDiff;
import dev.trimtab.gitops.FluxDrift;
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
    static final String DEFAULT_DIFF = "default diff";
    static final String SERVER_SIDE_DIFF = "server-side diff";
    static final String WITH_WEBHOOKS = "server-side diff with webhooks";
    static final String DRIFT = "drift";

    static GitOpsScene of(Cluster cluster, GitOpsTool tool, List<ObjectNode> manifests) {
        String namespace = cluster.newNamespace(Map.of());
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

    /** Where the tool sees a difference, by comparison and object; what it sees none of is left out. */
    SortedMap<String, List<String>> seen() {
        SortedMap<String, List<String>> seen = new TreeMap<>();
        Map<String, ObjectNode> dryRun = dryRun();
        for (ObjectNode wanted : git) {
            ObjectNode live = live(wanted);
            ObjectNode predicted = dryRun.get(id(wanted));
            if (tool == GitOpsTool.FLUX) {
                note(seen, DRIFT, wanted, FluxDrift.of(live, predicted));
            } else {
                if (tool == GitOpsTool.ARGO) {
                    note(seen, DEFAULT_DIFF, wanted, ArgoDefaultDiff.of(wanted, live));
                }
                note(seen, SERVER_SIDE_DIFF, wanted, ArgoServerSideDiff.of(live, predicted));
                note(seen, WITH_WEBHOOKS, wanted, ArgoServerSideDiff.withMutations(live, predicted));
            }
        }
        return seen;
    }

    /** Where Argo CD sees a difference with {@code ServerSideApply=true} and nothing else set, by object. */
    SortedMap<String, List<String>> structuredMerge() {
        SortedMap<String, List<String>> seen = new TreeMap<>();
        for (ObjectNode wanted : git) {
            note(seen, "structured-merge diff", wanted, ArgoServerSideDiff.structuredMerge(wanted, live(wanted)));
        }
        return seen;
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
            if (manager.startsWith("kubectl") || manager.equals(FluxDrift.MANAGER)) {
                entry.setAll((ObjectNode) it);
                addAll(fields, it.path("fieldsV1"));
            } else {
                others.add(it);
            }
        }
        if (kubectl) {
            entry.put("manager", FluxDrift.MANAGER).put("operation", "Apply").set("fieldsV1", fields);
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

    private static void note(Map<String, List<String>> seen, String how, ObjectNode object, List<String> differences) {
        if (!differences.isEmpty()) {
            seen.put(how + ": " + id(object), differences);
        }
    }

    private Map<String, ObjectNode> dryRun() {
        List<String> arguments = new ArrayList<>(tool.serverSideApply());
        arguments.addAll(List.of("--dry-run=server", "-o", "json", "--show-managed-fields"));
        Kubectl.Printed printed = apply(arguments);
        assertThat(printed.exitCode()).as(printed.err()).isZero();
        ObjectNode answer = Api.json(printed.out());
        Map<String, ObjectNode> all = new TreeMap<>();
        if (answer.path("kind").asText().equals("List")) {
            answer.path("items").forEach(it -> all.put(id((ObjectNode) it), (ObjectNode) it));
        } else {
            all.put(id(answer), answer);
        }
        return all;
    }

    private Kubectl.Printed apply(List<String> arguments) {
        ObjectNode list = Api.yaml("{apiVersion: v1, kind: List}");
        list.putArray("items").addAll(git);
        return cluster.kubectl.apply(list.toString(), arguments.toArray(String[]::new));
    }

    private static String id(ObjectNode object) {
        return "%s/%s".formatted(kind(object), object.at("/metadata/name").asText());
    }

    private static Kind kind(ObjectNode object) {
        return Arrays.stream(Kind.values())
                .filter(it -> it.version().equals(object.path("apiVersion").asText())
                        && it.kindName().equals(object.path("kind").asText()))
                .findFirst()
                .orElseThrow();
    }
}
