package dev.trimtab.controller.stop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.trimtab.lifecycle.Child;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which services an event about an object requeues. Nothing is asked of a cluster. */
class ChildWatchesTest {
    private static final ServiceRef LLAMA = new ServiceRef(Stoppable.INFERENCE_SERVICE, "ml", "llama");
    private static final ServiceRef ROUTE = new ServiceRef(Stoppable.INFERENCE_GRAPH, "ml", "route");

    private final KubernetesClient client = new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder().withMasterUrl("http://localhost:1").build())
            .build();
    private final Set<ServiceRef> awaiting = Set.of(LLAMA, ROUTE);
    private final List<Boolean> held = new ArrayList<>();
    private final List<ServiceRef> requeued = new ArrayList<>();
    private final ChildWatches watches = new ChildWatches(
            client,
            (ref, isHeld) -> {
                held.add(isHeld);
                return awaiting.contains(ref);
            },
            requeued::add);

    @AfterEach
    void close() {
        watches.close();
        client.close();
    }

    @Test
    @DisplayName("a pod: by the label of its kind of service, in its own namespace")
    void byLabel() {
        watches.changed(object("{namespace: ml, labels: {serving.kserve.io/inferenceservice: llama}}"));
        watches.changed(object("{namespace: ml, labels: {serving.kserve.io/inferencegraph: route}}"));
        watches.changed(object("{namespace: other, labels: {serving.kserve.io/inferenceservice: llama}}"));

        assertThat(requeued).containsExactly(LLAMA, ROUTE);
    }

    @Test
    @DisplayName("a Knative Service without a label, as of a graph before KServe 0.16: by its owner")
    void byOwner() {
        watches.changed(object("""
                {namespace: ml, ownerReferences: [{apiVersion: serving.kserve.io/v1alpha1, kind: InferenceGraph,
                  name: route, uid: u1, controller: true}]}"""));

        assertThat(requeued).containsExactly(ROUTE);
    }

    @Test
    @DisplayName("label and owner name the same service: requeued once")
    void once() {
        watches.changed(object("""
                {namespace: ml, labels: {serving.kserve.io/inferenceservice: llama},
                  ownerReferences: [{apiVersion: serving.kserve.io/v1beta1, kind: InferenceService,
                    name: llama, uid: u1, controller: true}]}"""));

        assertThat(requeued).containsExactly(LLAMA);
    }

    @Test
    @DisplayName("nothing of a service, or of one that awaits no events: not requeued")
    void notAwaited() {
        watches.changed(object("{namespace: ml, labels: {app: llama}}"));
        watches.changed(object("{namespace: ml, labels: {serving.kserve.io/inferenceservice: iris}}"));

        assertThat(requeued).isEmpty();
    }

    @Test
    @DisplayName("whether an object is held is seen by its finalizer")
    void held() {
        String labels = "labels: {serving.kserve.io/inferenceservice: llama}";
        watches.changed(object("{namespace: ml, %s, finalizers: [%s]}".formatted(labels, Child.FINALIZER)));
        watches.changed(object("{namespace: ml, %s, finalizers: [foreground]}".formatted(labels)));

        assertThat(held).containsExactly(true, false);
    }

    private static Manifest object(String metadata) {
        try {
            return new Manifest((ObjectNode) new YAMLMapper().readTree("metadata: " + metadata));
        } catch (JsonProcessingException invalid) {
            throw new IllegalArgumentException(invalid);
        }
    }
}
