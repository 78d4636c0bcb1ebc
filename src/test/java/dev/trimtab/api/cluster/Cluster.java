package dev.trimtab.api.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.fakes.FakeKserve;
import dev.trimtab.api.fakes.FakeKserveDefaulter;
import dev.trimtab.cluster.CurrentSettings;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.review.PolicyReview;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The cluster as a test uses it. Each change is in force everywhere when the method returns. */
public final class Cluster {
    static final String KNATIVE = "knative-serving";
    public static final String DEFAULT_POLICY = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n";

    /** In a cluster that outlives this JVM no namespace comes twice. */
    private static final long PROCESS = ProcessHandle.current().pid() % 1000;

    /** Each Quarkus profile has a class loader, which counts anew: the namespace of that name may still be on its way out. */
    private static final AtomicInteger NAMESPACES =
            new AtomicInteger((int) (System.nanoTime() / 1_000_000_000 % 900 + 100) * 1000);

    /** Where Trimtab does nothing, so that what is seen is Knative's. */
    private static final String IGNORED = "ignored";

    private static final String PROBE = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: probe, namespace: %s}
            spec: {template: {spec: {containers: [{image: example/probe:1}]}}}
            """;

    private static final AtomicInteger MARKERS = new AtomicInteger();

    public final Certificates certificates;
    public final Kubectl kubectl;
    public final KubernetesClient admin;
    public final Api api;
    public final FakeKserve kserve;

    private final CurrentSettings trimtab;
    private final String mutate;
    private final Webhooks webhooks;
    private final Map<String, Map<String, String>> configured = new HashMap<>();
    private final List<String> namespaces = new ArrayList<>();
    private KnativeConfig knative = KnativeConfig.DEFAULTS;

    Cluster(Path folder, String mutate, CurrentSettings trimtab) {
        this.mutate = mutate;
        this.trimtab = trimtab;
        certificates = new Certificates(folder);
        kubectl = new Kubectl(folder);
        Config config;
        try {
            config = Config.fromKubeconfig(Files.readString(folder.resolve("kubeconfig")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // What is refused is refused: the client would try again for a minute where a webhook fails.
        config.setRequestRetryBackoffLimit(0);
        admin = new KubernetesClientBuilder().withConfig(config).build();
        api = new Api(admin);
        kserve = new FakeKserve(new Api(Account.KSERVE.client(admin)), this::isZeroAllowed);
        webhooks = new Webhooks(admin, certificates.caBundle());
        if (admin.namespaces().withName(IGNORED).get() == null) {
            ClusterContents.namespace(admin, IGNORED, Map.of("trimtab.dev/ignore", "true"));
        }
    }

    /** As freshly installed: everything registered, default policy, Knative's own configuration. */
    public void reset() {
        // What an earlier JVM left in a shared cluster goes first, in all of them: Trimtab's configuration is compared
        // as a whole.
        KnativeConfig.CONFIG_MAPS.stream()
                .filter(name -> !configured.containsKey(name))
                .forEach(name -> storeKnative(name, Map.of()));
        KnativeConfig.CONFIG_MAPS.forEach(name -> configure(name, Map.of()));
        policy(DEFAULT_POLICY);
        registerPolicyCheck();
        webhooks.registerTrimtab(mutate);
        Eventually.holds("Trimtab is asked", this::isFilling);
    }

    public String newNamespace(Map<String, String> labels) {
        String name = "models-%d-%d".formatted(PROCESS, NAMESPACES.incrementAndGet());
        ClusterContents.namespace(admin, name, labels);
        namespaces.add(name);
        return name;
    }

    /** For tests that look at all Revisions: those of other tests go with their namespaces. */
    public void awaitNoRevisions() {
        Eventually.holds("no Revision of another test is left", () -> Api.json(
                        admin.raw("/apis/serving.knative.dev/v1/revisions"))
                .path("items")
                .isEmpty());
    }

    /** Does not wait. A namespace alone would keep everything in it until its pods end after their grace period. */
    void removeNamespaces() {
        for (String name : namespaces) {
            for (Kind kind : List.of(
                    Kind.INFERENCE_SERVICE,
                    Kind.INFERENCE_GRAPH,
                    Kind.KNATIVE_SERVICE,
                    Kind.REVISION,
                    Kind.DEPLOYMENT)) {
                String unused = admin.raw(kind.path(name), "DELETE", "{\"propagationPolicy\": \"Background\"}");
            }
            var unusedNamespace = admin.namespaces().withName(name).delete();
            var unusedPods = admin.pods().inNamespace(name).withGracePeriod(0).delete();
        }
        namespaces.clear();
    }

    /** Stores a policy and waits until it is in force. */
    public void policy(String yaml) {
        storePolicy(yaml);
        Policy expected = PolicyLoader.load(yaml).policy().orElseThrow();
        Eventually.holds("the policy is in force", () -> trimtab.get().policy().equals(expected));
    }

    /** Stores a policy, good or bad. */
    public void storePolicy(String yaml) {
        store("trimtab", PolicyReview.CONFIG_MAP, Map.of(PolicyReview.KEY, yaml));
    }

    /** Changes one of Knative's ConfigMaps, and waits until Knative's webhook and Trimtab have taken it. */
    public void configure(String name, Map<String, String> data) {
        if (data.equals(configured.get(name))) {
            return;
        }
        storeKnative(name, data);
        configured.put(name, data);
        awaitKnative();
        try {
            knative = knative.withConfigMap(name, data);
        } catch (ConfigMapProblem invalid) {
            throw new IllegalArgumentException(invalid);
        }
        Eventually.holds(
                "Trimtab has taken " + name, () -> trimtab.get().knative().equals(knative));
    }

    private boolean isZeroAllowed() {
        return configured
                .getOrDefault(KnativeConfig.CONFIG_AUTOSCALER, Map.of())
                .getOrDefault("allow-zero-initial-scale", "false")
                .equals("true");
    }

    /** Stores one of Knative's ConfigMaps, good or bad. */
    public void storeKnative(String name, Map<String, String> data) {
        configured.remove(name);
        Map<String, String> all = new TreeMap<>(data);
        if (name.equals(KnativeConfig.CONFIG_DEPLOYMENT)) {
            // Without these two no Revision starts here.
            Map<String, String> stored =
                    admin.configMaps().inNamespace(KNATIVE).withName(name).get().getData();
            for (String kept : List.of("queue-sidecar-image", "registries-skipping-tag-resolving")) {
                all.put(kept, stored.get(kept));
            }
        }
        store(KNATIVE, name, all);
    }

    /**
     * Until Knative's webhook has taken every ConfigMap as it is stored. It takes their changes in the order in which they
     * came: so a last one, that can be seen, is waited for, and is taken back.
     */
    private void awaitKnative() {
        Map<String, String> defaults = configured.getOrDefault(KnativeConfig.CONFIG_DEFAULTS, Map.of());
        String marker = "marker-" + MARKERS.incrementAndGet();
        Map<String, String> marked = new TreeMap<>(defaults);
        marked.put("container-name-template", marker);
        store(KNATIVE, KnativeConfig.CONFIG_DEFAULTS, marked);
        Eventually.holds("Knative has taken the marker", () -> containerName().equals(marker));
        store(KNATIVE, KnativeConfig.CONFIG_DEFAULTS, defaults);
        String usual = defaults.getOrDefault("container-name-template", "user-container");
        Eventually.holds(
                "Knative has taken its ConfigMaps", () -> containerName().equals(usual));
    }

    private String containerName() {
        return probe(IGNORED).at("/spec/template/spec/containers/0/name").asText();
    }

    /** Installs Knative's HPA autoscaler, or takes it off, and waits until Trimtab has seen it. */
    public void hpa(boolean installed) {
        Deployment deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withName("autoscaler-hpa")
                .withNamespace("knative-serving")
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .addToMatchLabels("app", "autoscaler-hpa")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "autoscaler-hpa")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("autoscaler-hpa")
                .withImage("example/autoscaler-hpa:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
        if (installed) {
            admin.resource(deployment).createOr(it -> it.update());
        } else {
            admin.resource(deployment).delete();
        }
        Eventually.holds(
                "Trimtab has seen the HPA autoscaler",
                () -> trimtab.get().cluster().hpa() == installed);
    }

    /** All that KServe serves, so that nothing shows a KServe of another test; when it returns, Trimtab knows of none. */
    public void removeServices() {
        for (Stoppable kind : List.of(Stoppable.INFERENCE_SERVICE, Stoppable.INFERENCE_GRAPH)) {
            List<GenericKubernetesResource> all = admin.genericKubernetesResources(
                            Stoppable.GROUP + "/" + kind.resource().version(), kind.kindName())
                    .inAnyNamespace()
                    .list()
                    .getItems();
            all.forEach(it -> admin.resource(it).delete());
            for (DeploymentMode mode : DeploymentMode.values()) {
                Eventually.holds("no sign of native stop", () -> !trimtab.get().isStopNative(kind, mode));
            }
        }
    }

    public void store(String namespace, String name, Map<String, String> data) {
        admin.resource(configMap(namespace, name, data)).createOr(it -> it.update());
    }

    private static ConfigMap configMap(String namespace, String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withData(data)
                .build();
    }

    public void removeTrimtab() {
        webhooks.removeTrimtab();
        Eventually.holds("Trimtab is not asked", () -> !isFilling());
    }

    /** Leaves the webhook registered, at an address where Trimtab does not answer. */
    public void moveTrimtabTo(String url) {
        webhooks.registerTrimtab(url);
        Eventually.holds("Trimtab is not asked", () -> !isFilling());
    }

    /** Leaves the webhook registered, in a way in which Trimtab cannot answer. */
    public void loseTrimtab(Consumer<WebhookClientConfig> address) {
        webhooks.registerTrimtab(address);
        Eventually.holds("Trimtab is not asked", () -> !isFilling());
    }

    /** Trimtab answers on another port; where it is asked, it is there. */
    public void serveFrom(int port) {
        webhooks.registerTrimtab("https://localhost:%d/mutate".formatted(port));
        Eventually.holds("Trimtab is asked", this::isFilling);
    }

    public void findTrimtab() {
        webhooks.registerTrimtab(mutate);
        Eventually.holds("Trimtab is asked", this::isFilling);
    }

    /** KServe's defaulting, before Trimtab's; until {@link #removeKserve}. */
    public void registerKserve() {
        webhooks.registerKserve(new FakeKserveDefaulter(certificates));
        Eventually.holds("KServe is asked", this::isKserveAsked);
    }

    public void removeKserve() {
        webhooks.removeKserve();
        Eventually.holds("KServe is not asked", () -> !isKserveAsked());
    }

    private boolean isKserveAsked() {
        ObjectNode probe = Api.yaml(Models.customInferenceService("default", "probe", "example/probe:1"));
        return api.dryRunCreate(Kind.INFERENCE_SERVICE, probe)
                .at("/spec/predictor/containers/0")
                .has("resources");
    }

    private void registerPolicyCheck() {
        webhooks.registerPolicyCheck(mutate.replace("/mutate", "/validate"));
        Eventually.holds("policies are checked", this::isCheckingPolicies);
    }

    public void removePolicyCheck() {
        webhooks.removePolicyCheck();
        Eventually.holds("policies are not checked", () -> !isCheckingPolicies());
    }

    private boolean isCheckingPolicies() {
        try {
            admin.resource(configMap("trimtab", PolicyReview.CONFIG_MAP, Map.of(PolicyReview.KEY, "no policy")))
                    .dryRun()
                    .createOr(it -> it.update());
            return false;
        } catch (KubernetesClientException refused) {
            return refused.getCode() == 422;
        }
    }

    /** Under the default policy. */
    private boolean isFilling() {
        return probe("default").at("/spec/template/metadata/annotations").has("autoscaling.knative.dev/initial-scale");
    }

    private ObjectNode probe(String namespace) {
        return api.dryRunCreate(Kind.KNATIVE_SERVICE, Api.yaml(PROBE.formatted(namespace)));
    }
}
