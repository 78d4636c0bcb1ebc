package dev.trimtab.api.install;

import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.ClusterContents;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.cli.Cli;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code trimtab doctor} on an installation as shipped, and with one fault after the other. Pods are simulated. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class DoctorOnClusterTest extends ApiTest {
    private static final String NAMESPACE = "trimtab";

    @TempDir
    private Path folder;

    private final List<HasMetadata> added = new ArrayList<>();

    @AfterEach
    void removed() {
        added.forEach(it -> cluster.admin.resource(it).withGracePeriod(0).delete());
        var unused =
                cluster.admin.pods().inNamespace(NAMESPACE).withGracePeriod(0).delete();
    }

    @Test
    @DisplayName("freshly installed: fine; then exactly the fault that there is; then fine again")
    void faultByFault() {
        install();
        Eventually.holds("fine", () -> faults().isEmpty());

        faulty(
                "entries",
                "services.trimtab.dev: timeoutSeconds is 9, not 3",
                () -> mutating(it -> it.getWebhooks().get(0).setTimeoutSeconds(9)));
        faulty(
                "closed-door",
                "recorded.trimtab.dev: the closed door is open",
                () -> mutating(
                        it -> it.getWebhooks().get(it.getWebhooks().size() - 2).setFailurePolicy("Ignore")));
        faulty(
                "certificate",
                "a caBundle did not sign it",
                () -> mutating(it ->
                        it.getWebhooks().get(0).getClientConfig().setCaBundle(cluster.certificates.otherCaBundle())));
        mutating(it -> {});
        scaled(1);
        assertThat(faults())
                .singleElement()
                .asString()
                .startsWith("replicas: Service trimtab/trimtab-webhook: has one ready replica");
        scaled(2);
        copy();
        invalidPolicy();
        lostRight();
        unfilledService();
        assertThat(faults()).isEmpty();
    }

    private void faulty(String check, String what, Runnable fault) {
        fault.run();
        assertThat(faults()).singleElement().asString().startsWith(check + ": ").contains(what);
    }

    private void copy() {
        MutatingWebhookConfiguration copy = new MutatingWebhookConfigurationBuilder(shipped())
                .withNewMetadata()
                .withName("prod-trimtab.dev")
                .endMetadata()
                .build();
        cluster.admin.resource(copy).createOr(it -> it.update());
        assertThat(faults())
                .singleElement()
                .asString()
                .startsWith("webhooks: MutatingWebhookConfiguration prod-trimtab.dev: is a second copy");
        var unused = cluster.admin.resource(copy).delete();
    }

    /** Stored while Trimtab does not answer. */
    private void invalidPolicy() {
        cluster.storePolicy("mode: Sometimes");
        assertThat(faults())
                .singleElement()
                .asString()
                .startsWith("policy: ConfigMap trimtab/trimtab-policy: is invalid, so nothing new is filled: ");
        cluster.storePolicy(Cluster.DEFAULT_POLICY);
    }

    private void lostRight() {
        List<PolicyRule> rules =
                cluster.admin.rbac().clusterRoles().withName("trimtab").get().getRules();
        try {
            rules(rules.stream()
                    .filter(it -> !it.getResources().contains("resourcequotas"))
                    .toList());
            String lost =
                    "permissions: ServiceAccount trimtab/trimtab: may not get resourcequotas, list resourcequotas, watch"
                            + " resourcequotas: ClusterRole trimtab";
            Eventually.holds("the API server has taken the Role", () -> faults().contains(lost));
            assertThat(faults()).containsExactly(lost, lost.replace("trimtab/trimtab:", "trimtab/trimtab-controller:"));
        } finally {
            rules(rules);
        }
        Eventually.holds("the API server has taken the Role", () -> faults().isEmpty());
    }

    private void rules(List<PolicyRule> rules) {
        var unused = cluster.admin.rbac().clusterRoles().withName("trimtab").edit(it -> {
            it.setRules(rules);
            return it;
        });
    }

    private void unfilledService() {
        cluster.api.create(KNATIVE_SERVICE, Api.yaml(Models.knativeService(namespace, "hello", "")));
        assertThat(faults())
                .containsExactly("services: services: 1 object lacks values that the policy gives to new ones");
        cluster.api.delete(KNATIVE_SERVICE, namespace, "hello");
        Eventually.holds(
                "gone",
                () -> cluster.api.find(KNATIVE_SERVICE, namespace, "hello").isEmpty());
    }

    @Test
    @DisplayName(
            "--write: filled; with Trimtab away unfilled; with Trimtab away and Fail, refused by the entry that is named")
    void write() {
        assertThat(write("fine")).contains("Trimtab filled it, in ");
        install();
        Eventually.holds("Trimtab is not asked", () -> written().startsWith("problem: passed unfilled"));
        mutating(it -> it.getWebhooks().get(0).setFailurePolicy("Fail"));
        Eventually.holds(
                "nothing passes", () -> written().startsWith("problem: webhook services.trimtab.dev refused it: "));
        assertThat(cluster.api.list(KNATIVE_SERVICE, namespace)).as("a dry-run").isEmpty();
    }

    private String write(String severity) {
        String written = written();
        assertThat(written).startsWith(severity + ": ");
        return written;
    }

    private String written() {
        return Api.json(doctor(admin(), "--write", "-n", namespace, "-o", "json")
                        .out())
                .path("findings")
                .valueStream()
                .filter(it -> it.path("check").asText().equals("write"))
                .map(it -> it.path("severity").asText() + ": " + it.path("what").asText())
                .findFirst()
                .orElse("nothing");
    }

    @Test
    @DisplayName("the rights of docs/doctor.md are enough for everything but the Secret, and none is left out")
    void reader() throws IOException {
        install();
        Path kubeconfig = kubeconfigOfReader();
        Eventually.holds("the rights are there", () -> doctor(kubeconfig).code() == 0);
        Cli doctor = doctor(kubeconfig);
        assertThat(doctor.out().lines().filter(it -> it.contains("no right to")))
                .containsExactly(
                        "unchecked  certificate   Secret trimtab/trimtab-webhook-tls: no right to get secrets");
        assertThat(doctor.out())
                .contains("fine       permissions ", "fine       services ", "fine       model-formats ");
    }

    /** Everything of {@code deploy/webhook} that the other tests leave out, and what the pods would write. */
    private void install() {
        cluster.awaitNoRevisions();
        add(new SecretBuilder()
                .withNewMetadata()
                .withName("trimtab-webhook-tls")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addToData("tls.crt", encoded(cluster.certificates.certificate()))
                .build());
        for (String file : List.of("40-service.yaml", "50-deployment.yaml", "25-controller.yaml")) {
            objects(file).stream()
                    .filter(it -> List.of("Service", "Deployment").contains(it.getKind()))
                    .forEach(this::add);
        }
        mutating(it -> {});
        ValidatingWebhookConfiguration validating = cluster.admin
                .getKubernetesSerialization()
                .unmarshal(text("70-validatingwebhookconfiguration.yaml"), ValidatingWebhookConfiguration.class);
        validating.getWebhooks().forEach(it -> trusted(it.getClientConfig()));
        cluster.admin.resource(validating).createOr(it -> it.update());
        lease();
        Eventually.holds("two replicas are ready", () -> ready() == 2);
    }

    private void lease() {
        add(new LeaseBuilder()
                .withNewMetadata()
                .withName("trimtab-controller")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity("trimtab-controller-a")
                // The test takes longer than 15 seconds.
                .withLeaseDurationSeconds(600)
                .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                .endSpec()
                .build());
    }

    private void add(HasMetadata object) {
        added.add(cluster.admin.resource(object).createOr(it -> it.update()));
    }

    private void scaled(int replicas) {
        var unused = cluster.admin
                .apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName("trimtab")
                .edit(it -> {
                    it.getSpec().setReplicas(replicas);
                    return it;
                });
        Eventually.holds(replicas + " replicas are ready", () -> ready() == replicas && updated() == replicas);
    }

    private int updated() {
        Integer updated = cluster.admin
                .apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName("trimtab")
                .get()
                .getStatus()
                .getUpdatedReplicas();
        return updated == null ? 0 : updated;
    }

    private long ready() {
        return cluster
                .admin
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(NAMESPACE)
                .withLabel("kubernetes.io/service-name", "trimtab-webhook")
                .list()
                .getItems()
                .stream()
                .flatMap(it -> it.getEndpoints().stream())
                .filter(it -> it.getConditions().getReady())
                .count();
    }

    private MutatingWebhookConfiguration shipped() {
        MutatingWebhookConfiguration shipped = cluster.admin
                .getKubernetesSerialization()
                .unmarshal(text("60-mutatingwebhookconfiguration.yaml"), MutatingWebhookConfiguration.class);
        shipped.getWebhooks().forEach(it -> trusted(it.getClientConfig()));
        return shipped;
    }

    /** As shipped, but for one change. */
    private void mutating(Consumer<MutatingWebhookConfiguration> change) {
        MutatingWebhookConfiguration configuration = shipped();
        change.accept(configuration);
        cluster.admin.resource(configuration).createOr(it -> it.update());
    }

    private void trusted(WebhookClientConfig config) {
        config.setCaBundle(cluster.certificates.caBundle());
    }

    /** A ServiceAccount with the rights of the page, and no others. */
    private Path kubeconfigOfReader() throws IOException {
        String page = Files.readString(Path.of("docs", "doctor.md"));
        String yaml = page.substring(page.indexOf("```yaml\n") + 8, page.indexOf("\n```", page.indexOf("```yaml\n")));
        cluster.admin
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(this::add);
        add(new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("reader")
                .withNamespace("default")
                .endMetadata()
                .build());
        add(new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName("trimtab-doctor")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "trimtab-doctor")
                .addNewSubject("", "ServiceAccount", "reader", "default")
                .build());
        add(new RoleBindingBuilder()
                .withNewMetadata()
                .withName("trimtab-doctor")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", "trimtab-doctor")
                .addNewSubject("", "ServiceAccount", "reader", "default")
                .build());
        String token = cluster.admin
                .serviceAccounts()
                .inNamespace("default")
                .withName("reader")
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(3600L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        return Files.writeString(folder.resolve("reader"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                users: [{name: u, user: {token: "%s"}}]
                contexts: [{name: d, context: {cluster: c, user: u}}]
                current-context: d
                """.formatted(cluster.admin.getMasterUrl(), token));
    }

    private List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (JsonNode it : Api.json(doctor(admin(), "-o", "json").out()).path("findings")) {
            if (List.of("problem", "warning").contains(it.path("severity").asText())) {
                faults.add("%s: %s: %s"
                        .formatted(
                                it.path("check").asText(),
                                it.path("where").asText(),
                                it.path("what").asText()));
            }
        }
        return faults;
    }

    private Path admin() {
        return cluster.kubectl.folder().resolve("kubeconfig");
    }

    private static Cli doctor(Path kubeconfig, String... more) {
        List<String> args = new ArrayList<>(List.of("doctor", "--kubeconfig", kubeconfig.toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private List<HasMetadata> objects(String file) {
        try (InputStream yaml = Files.newInputStream(ClusterContents.DEPLOY.resolve(file))) {
            return cluster.admin.load(yaml).items();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(String file) {
        try {
            return Files.readString(ClusterContents.DEPLOY.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String encoded(Path file) {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
