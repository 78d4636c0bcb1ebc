package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.REVISION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Account;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.controller.revisions.RepairListener;
import dev.trimtab.controller.revisions.RevisionRepairs;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.Reviewer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Revisions that were fine until config-autoscaler was tightened, repaired with what Trimtab's ServiceAccount may do. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class RevisionRepairTest extends ApiTest {
    private static final String GROUP = "autoscaling.knative.dev/";
    private static final String EXCLUDED = "kserve";

    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void noneOfOthers() {
        cluster.awaitNoRevisions();
    }

    @AfterEach
    void leaveNone() {
        for (String used : List.of(namespace, EXCLUDED)) {
            cluster.admin.raw(REVISION.path(used), "DELETE", null);
        }
    }

    @Test
    @DisplayName("a tightened cluster refuses each status; repaired, it takes them, and nothing else has changed")
    void tightened() {
        autoscaler(Map.of("allow-zero-initial-scale", "true"));
        create(namespace, "zero", "", Map.of("max-scale", "0", "initial-scale", "0", "window", "60s"));
        create(namespace, "older", "", Map.of("maxScale", "50"));
        create(namespace, "wide", "", Map.of("min-scale", "12", "max-scale", "0"));
        create(namespace, "legal", "", Map.of("max-scale", "3"));
        create(namespace, "ignored", "trimtab.dev/ignore: \"true\"", Map.of("max-scale", "0"));
        create(EXCLUDED, "excluded", "", Map.of("max-scale", "0"));
        report(namespace, "zero", 1);
        autoscaler(Map.of("max-scale", "6", "max-scale-limit", "10"));
        assertThatThrownBy(() -> report(namespace, "zero", 2))
                .hasMessageContaining("validation failed: invalid value: 0: metadata.annotations."
                        + "autoscaling.knative.dev/initial-scale=0 not allowed by cluster\n"
                        + "max-scale=0 (unlimited), must be less than 10: metadata.annotations."
                        + "autoscaling.knative.dev/max-scale");
        ObjectNode zero = get(namespace, "zero");
        report(namespace, "legal", 1);
        List<ObjectNode> others = others();

        assertThat(run()).isEqualTo(3);

        String limited = " changed to 10: the cluster has a max-scale-limit now";
        assertThat(heard)
                .containsExactlyInAnyOrder(
                        "repaired zero: stored max-scale 0" + limited
                                + "; stored initial-scale 0 changed to 1: the cluster no longer allows zero",
                        "repaired older: stored max-scale 50" + limited,
                        "repaired wide: stored max-scale 0 left out: the cluster's limit 10 is below the 12 pods"
                                + " asked for");
        assertThat(annotations("zero"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        GROUP + "max-scale",
                        "10",
                        GROUP + "initial-scale",
                        "1",
                        GROUP + "window",
                        "60s",
                        "example.com/team",
                        "search"));
        assertThat(annotations("older"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(GROUP + "maxScale", "10", "example.com/team", "search"));
        assertThat(annotations("wide"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(GROUP + "min-scale", "12", "example.com/team", "search"));
        ObjectNode repaired = get(namespace, "zero");
        assertThat(repaired.path("spec")).isEqualTo(zero.path("spec"));
        assertThat(repaired.at("/metadata/labels")).isEqualTo(zero.at("/metadata/labels"));
        assertThat(repaired.at("/metadata/generation")).isEqualTo(zero.at("/metadata/generation"));
        for (String name : List.of("zero", "older", "wide")) {
            report(namespace, name, 2);
        }
        assertThat(others()).isEqualTo(others);
        assertThat(run()).isZero();
        assertThat(heard).hasSize(3);
    }

    @Test
    @DisplayName("what else Knative refuses of a Revision is said once, and the others are repaired")
    void refused() {
        autoscaler(Map.of("pod-autoscaler-class", "hpa.autoscaling.knative.dev"));
        create(namespace, "cpu", "", Map.of("metric", "cpu", "max-scale", "0"));
        create(namespace, "plain", "", Map.of("max-scale", "0"));
        autoscaler(Map.of("max-scale", "6", "max-scale-limit", "10"));

        assertThat(run()).isEqualTo(1);

        assertThat(heard).hasSize(2).anySatisfy(it -> assertThat(it)
                .startsWith("refused cpu: admission webhook")
                .endsWith(
                        "validation failed: invalid value: cpu: metadata.annotations.autoscaling.knative.dev/metric"));
        assertThat(annotations("cpu")).containsEntry(GROUP + "max-scale", "0");
        assertThat(annotations("plain")).containsEntry(GROUP + "max-scale", "10");
    }

    private List<ObjectNode> others() {
        return List.of(
                Models.authored(get(namespace, "legal")),
                Models.authored(get(namespace, "ignored")),
                Models.authored(get(EXCLUDED, "excluded")));
    }

    private int run() {
        RepairListener listener = new RepairListener() {
            @Override
            public void repaired(Manifest revision, String reason) {
                heard.add("repaired " + revision.name() + ": " + reason);
            }

            @Override
            public void refused(Manifest revision, String why) {
                heard.add("refused " + revision.name() + ": " + why);
            }
        };
        try (KubernetesClient trimtab = Account.CONTROLLER.client(cluster.admin)) {
            return new RevisionRepairs(trimtab, Reviewer.PLATFORM_NAMESPACES::contains, listener)
                    .run(settings.get().knative());
        }
    }

    private void autoscaler(Map<String, String> data) {
        cluster.configure(KnativeConfig.CONFIG_AUTOSCALER, data);
    }

    private void create(String in, String name, String label, Map<String, String> scale) {
        ObjectNode revision = Api.yaml("""
                apiVersion: serving.knative.dev/v1
                kind: Revision
                metadata:
                  name: %s
                  namespace: %s
                  labels: {serving.knative.dev/service: hello%s}
                  annotations: {example.com/team: search}
                spec: {containers: [{image: "example/hello:1"}]}
                """.formatted(name, in, label.isEmpty() ? "" : ", " + label));
        scale.forEach(
                (key, value) -> revision.withObject("/metadata/annotations").put(GROUP + key, value));
        cluster.api.create(REVISION, revision);
    }

    private void report(String in, String name, int pods) {
        ObjectNode stored = cluster.api.changeStatus(REVISION, in, name, it -> it.put("actualReplicas", pods));
        assertThat(stored.at("/status/actualReplicas").asInt()).isEqualTo(pods);
    }

    private ObjectNode get(String in, String name) {
        return cluster.api.get(REVISION, in, name);
    }

    private Map<String, String> annotations(String name) {
        Map<String, String> annotations = new TreeMap<>();
        get(namespace, name)
                .at("/metadata/annotations")
                .properties()
                .forEach(it -> annotations.put(it.getKey(), it.getValue().asText()));
        return annotations;
    }
}
