package dev.trimtab.api.install;

import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Account;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Kubectl;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.MovableClock;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.cluster.Tls;
import dev.trimtab.certificates.Issuer;
import dev.trimtab.certificates.Pems;
import dev.trimtab.certificates.Plan;
import dev.trimtab.certificates.TlsPair;
import dev.trimtab.controller.certificates.CertificateReconciler;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.RawClient;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The ways to a certificate (docs/certificates.md), each from its first certificate over renewals to another CA, while
 * clients create Knative Services that the API server refuses if Trimtab does not answer. The webhook configurations are the
 * shipped ones: the API server calls the Service by its name, and checks the certificate for it.
 */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class RenewalUnderLoadTest extends ApiTest {
    private static final int CLIENTS = 3;
    private static final Path DEPLOY = Path.of("deploy");
    private static final String RIGHTS =
            DEPLOY.resolve("components/own-certificates/rbac.yaml").toString();
    private static final List<String> FILES =
            List.of("60-mutatingwebhookconfiguration.yaml", "70-validatingwebhookconfiguration.yaml");
    private static final List<String> NAMES = List.of("trimtab-webhook.trimtab.svc");
    private static final String SERVING = "trimtab-webhook-tls";

    private final Issuer issuer = new Issuer(new SecureRandom());
    private final AtomicBoolean ended = new AtomicBoolean();
    private CompletableFuture<Void> kubelet = CompletableFuture.completedFuture(null);

    /** An ExternalName is where the API server finds a process outside of the cluster behind a Service. */
    @BeforeEach
    void installed() {
        kubectl("delete", "mutatingwebhookconfiguration,validatingwebhookconfiguration", "trimtab.dev");
        cluster.kubectl.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: trimtab-webhook, namespace: trimtab}
                spec: {type: ExternalName, externalName: localhost}
                """);
        for (String file : FILES) {
            ObjectNode configuration = Api.yaml(read(DEPLOY.resolve("webhook").resolve(file)));
            configuration.withObject("/metadata").remove("annotations");
            configuration.path("webhooks").forEach(entry -> {
                ((ObjectNode) entry).put("failurePolicy", "Fail").put("timeoutSeconds", 20);
                ((ObjectNode) entry.at("/clientConfig/service")).put("port", mutate.getPort());
            });
            assertThat(cluster.kubectl.apply(configuration.toString()).err()).isEmpty();
        }
        kubelet = CompletableFuture.runAsync(this::mountUntilTheEnd);
    }

    @AfterEach
    void removed() {
        ended.set(true);
        kubelet.join();
        kubectl("delete", "mutatingwebhookconfiguration,validatingwebhookconfiguration", "trimtab.dev");
        kubectl("delete", "-f", RIGHTS, "--ignore-not-found");
        kubectl("-n", "trimtab", "delete", "service/trimtab-webhook", "--ignore-not-found");
        kubectl("-n", "trimtab", "delete", "secret", SERVING, "trimtab-webhook-ca", "--ignore-not-found");
        BigInteger before = serial();
        cluster.certificates.renew();
        Eventually.holds("the certificate of the other tests is served", () -> !serial().equals(before));
    }

    @Test
    @DisplayName("own certificates, with the rights of the component: issued, renewed, CA renewed, CA's key replaced")
    void own() {
        kubectl("apply", "-f", RIGHTS);
        MovableClock clock = new MovableClock();
        Instant start = clock.instant();
        try (KubernetesClient account = Account.CONTROLLER.client(cluster.admin)) {
            RawClient objects = new RawClient(account);
            CertificateReconciler controller =
                    new CertificateReconciler(objects, new EventRecorder(objects, clock), clock, "trimtab");
            // A CA that is to be renewed now, and a certificate that was issued 61 days ago.
            clock.set(start.minus(Issuer.AUTHORITY_LIFE)
                    .plus(Plan.RENEW_AUTHORITY)
                    .minusSeconds(1));
            Eventually.holds("the rights are in force", () -> {
                controller.reconcile();
                return !secret(SERVING).isMissingNode();
            });
            clock.set(start.minus(Duration.ofDays(61)));
            controller.reconcile();
            awaitFills();
            Set<X509Certificate> first = bundle();
            assertThat(first).hasSize(1);

            underLoad(() -> {
                clock.set(start);
                awaitRenewal(controller::reconcile);
                assertThat(bundle()).as("the CA is renewed").hasSize(1).isNotEqualTo(first);

                Set<X509Certificate> second = bundle();
                kubectl("-n", "trimtab", "delete", "secret", "trimtab-webhook-ca");
                controller.reconcile();
                assertThat(bundle()).hasSize(2).containsAll(second);
                clock.move(Plan.PROPAGATION);
                awaitRenewal(controller::reconcile);
                clock.move(Plan.MOUNT);
                controller.reconcile();
                assertThat(bundle()).hasSize(1).doesNotContainAnyElementsOf(second);
                awaitAnswers();
            });
        }
        assertThat(get("/metrics")).contains("\ntrimtab_certificate_expiry_timestamp_seconds ");
        double end = (double) Tls.servedToAll(mutate).getNotAfter().toInstant().getEpochSecond();
        assertThat(metrics.get("trimtab.certificate.expiry.timestamp.seconds")
                        .gauge()
                        .value())
                .isEqualTo(end);
    }

    @Test
    @DisplayName(
            "the component's rights: two Secrets by name and caBundle; the same account may write nothing else of these")
    void bounds() {
        kubectl("apply", "-f", RIGHTS);
        String as = "--as=system:serviceaccount:trimtab:trimtab-controller";
        String secret =
                "{apiVersion: v1, kind: Secret, type: %s, metadata: {name: %s, namespace: trimtab}, data: {tls.crt: '', tls.key: ''}}";
        Eventually.holds(
                "the rights are in force",
                () -> cluster.kubectl
                                .run(secret.formatted("kubernetes.io/tls", SERVING), List.of("create", "-f", "-", as))
                                .exitCode()
                        == 0);
        for (String refused : List.of(
                secret.formatted("kubernetes.io/tls", "trimtab-policy-tls"),
                secret.formatted("Opaque", "trimtab-webhook-ca"))) {
            // Eventually: the API server reads a new policy a second later.
            Eventually.holds("refused: " + refused, () -> cluster.kubectl
                    .run(refused, List.of("create", "--dry-run=server", "-f", "-", as))
                    .err()
                    .contains("Trimtab's controller may write no other Secret than trimtab-webhook-tls"));
        }
        assertThat(cluster.kubectl
                        .run("", List.of("-n", "trimtab", "label", "secret", SERVING, "a=b", as))
                        .err())
                .contains("Trimtab's controller may not change labels");
        String entry = "/webhooks/0/";
        String bundle = base64(Pems.of(List.of(issuer.authority(Instant.now()).certificate())));
        assertThat(patched(entry + "clientConfig/caBundle", '"' + bundle + '"', as))
                .isEmpty();
        List<String> others = List.of(
                "failurePolicy \"Ignore\"",
                "timeoutSeconds 1",
                "name \"other.trimtab.dev\"",
                "matchPolicy \"Exact\"",
                "reinvocationPolicy \"Never\"",
                "sideEffects \"NoneOnDryRun\"",
                "admissionReviewVersions [\"v1\",\"v1beta1\"]",
                "rules/0/resources [\"*\"]",
                "matchConditions []",
                "namespaceSelector {}",
                "objectSelector {}",
                "clientConfig/service/namespace \"other\"",
                "clientConfig {\"url\":\"https://example.com/\"}");
        for (String other : others) {
            String[] pair = other.split(" ", 2);
            assertThat(patched(entry + pair[0], pair[1], as))
                    .as(other)
                    .contains("Trimtab's controller may change of the webhook configurations only caBundle");
        }
        assertThat(patched("/metadata/annotations", "{\"a\":\"b\"}", as)).contains("only caBundle");
        assertThat(patched("/metadata/labels", "{}", as)).contains("may not change labels");
    }

    private String patched(String path, String value, String as) {
        String patch = "[{\"op\":\"add\",\"path\":\"%s\",\"value\":%s}]".formatted(path, value);
        return cluster.kubectl
                .run(
                        "",
                        List.of("patch", "mutatingwebhookconfiguration", "trimtab.dev", "--type=json", "-p", patch, as))
                .err();
    }

    @Test
    @DisplayName("cert-manager: the certificate, then the CA with its key; its two controllers act in either order")
    void certManager() {
        TlsPair authority = issuer.authority(Instant.now());
        Runnable certificate = () -> store(issuer.serving(authority, NAMES, Instant.now()));
        trust(authority);
        certificate.run();
        awaitFills();
        underLoad(() -> {
            awaitRenewal(certificate);
            TlsPair renewed = issuer.renewed(authority, Instant.now());
            awaitRenewal(() -> store(issuer.serving(renewed, NAMES, Instant.now())));
            trust(renewed);
            awaitAnswers();
            TlsPair again = issuer.renewed(authority, Instant.now());
            trust(again);
            awaitAnswers();
            awaitRenewal(() -> store(issuer.serving(again, NAMES, Instant.now())));
        });
    }

    @Test
    @DisplayName(
            "OpenShift's service-CA: the certificate; then another CA, which is trusted beside the old one before it signs")
    void serviceCa() {
        TlsPair first = issuer.authority(Instant.now());
        trust(first);
        store(issuer.serving(first, NAMES, Instant.now()));
        awaitFills();
        underLoad(() -> {
            awaitRenewal(() -> store(issuer.serving(first, NAMES, Instant.now())));
            TlsPair second = issuer.authority(Instant.now());
            trust(first, second);
            awaitAnswers();
            awaitRenewal(() -> store(issuer.serving(second, NAMES, Instant.now())));
            trust(second);
            awaitAnswers();
        });
    }

    @Test
    @DisplayName("by hand: dev-ca.sh --renew and --install, as the page says")
    void byHand() {
        cluster.certificates.runScript(cluster.kubectl, "--install");
        awaitFills();
        underLoad(() -> awaitRenewal(() -> {
            cluster.certificates.runScript(cluster.kubectl, "--renew");
            cluster.certificates.runScript(cluster.kubectl, "--install");
        }));
    }

    /** Clients create, over and over, and others connect anew, as an API server does that starts. None may fail. */
    private void underLoad(Runnable renewals) {
        AtomicBoolean done = new AtomicBoolean();
        List<String> failed = new CopyOnWriteArrayList<>();
        List<CompletableFuture<Integer>> load = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            String name = "hello-" + client;
            load.add(CompletableFuture.supplyAsync(() -> until(done, failed, () -> assertFills(name))));
        }
        load.add(CompletableFuture.supplyAsync(() -> until(done, failed, this::connect)));
        try {
            renewals.run();
        } finally {
            done.set(true);
            load.forEach(CompletableFuture::join);
        }
        assertThat(failed).isEmpty();
        assertThat(load).allSatisfy(it -> assertThat(it.join()).isPositive());
    }

    private static int until(AtomicBoolean done, List<String> failed, Runnable what) {
        int times = 0;
        while (!done.get()) {
            try {
                what.run();
                times++;
            } catch (RuntimeException | AssertionError problem) {
                failed.add(problem.toString());
            }
        }
        return times;
    }

    private void assertFills(String name) {
        ObjectNode answer =
                cluster.api.dryRunCreate(KNATIVE_SERVICE, Api.yaml(Models.knativeService(namespace, name, "")));
        assertThat(Models.scale(answer)).containsEntry("initial", "1");
    }

    private void awaitFills() {
        Eventually.holds("the API server trusts the certificate", () -> {
            assertFills("first");
            return true;
        });
    }

    /** A hundred more reviews: the API server has the configuration as it is now. */
    private void awaitAnswers() {
        long before = reviews();
        Eventually.holds("reviews go on", () -> reviews() > before + 100);
    }

    private void awaitRenewal(Runnable renewal) {
        BigInteger before = serial();
        renewal.run();
        Eventually.holds("another certificate is served", () -> !serial().equals(before));
        awaitAnswers();
    }

    /** Reads the bundle first: what is trusted when a connection begins must trust what is served then. */
    private void connect() {
        String trusted = Pems.of(bundle());
        try {
            X509Certificate unused = Tls.served(Tls.trusting(trusted), mutate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BigInteger serial() {
        return Tls.servedToAll(mutate).getSerialNumber();
    }

    private Set<X509Certificate> bundle() {
        String bundle = configuration("mutating")
                .at("/webhooks/0/clientConfig/caBundle")
                .asText();
        return Pems.certificates(new String(Base64.getDecoder().decode(bundle), StandardCharsets.UTF_8));
    }

    private ObjectNode configuration(String kind) {
        return Api.json(cluster.admin.raw(path(kind)));
    }

    private static String path(String kind) {
        return "/apis/admissionregistration.k8s.io/v1/%swebhookconfigurations/trimtab.dev".formatted(kind);
    }

    private void trust(TlsPair... authorities) {
        String bundle = base64(
                Pems.of(Arrays.stream(authorities).map(TlsPair::certificate).toList()));
        for (String kind : List.of("mutating", "validating")) {
            ObjectNode configuration = configuration(kind);
            configuration.path("webhooks").forEach(entry -> ((ObjectNode) entry.path("clientConfig"))
                    .put("caBundle", bundle));
            String unused = cluster.admin.raw(path(kind), "PUT", configuration.toString());
        }
    }

    private void store(TlsPair pair) {
        ObjectNode secret = Api.yaml(
                "{apiVersion: v1, kind: Secret, type: kubernetes.io/tls, metadata: {name: %s, namespace: trimtab}}"
                        .formatted(SERVING));
        secret.putObject("data")
                .put("tls.crt", base64(Pems.of(List.of(pair.certificate()))))
                .put("tls.key", base64(Pems.of(pair.key())));
        Kubectl.Printed printed = cluster.kubectl.apply(secret.toString());
        assertThat(printed.exitCode()).as(printed.err()).isZero();
    }

    private JsonNode secret(String name) {
        String found = cluster.admin.raw("/api/v1/namespaces/trimtab/secrets/" + name);
        return found == null ? MissingNode.getInstance() : Api.json(found);
    }

    /** As the kubelet: the mounted files follow the Secret, some time later. */
    private void mountUntilTheEnd() {
        String mounted = "";
        while (!ended.get()) {
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            JsonNode secret = secret(SERVING);
            String version = secret.at("/metadata/resourceVersion").asText("");
            if (!version.equals(mounted) && !version.isEmpty()) {
                cluster.certificates.mount(text(secret, "tls.crt"), text(secret, "tls.key"));
                mounted = version;
            }
        }
    }

    private static String text(JsonNode secret, String key) {
        return new String(
                Base64.getDecoder().decode(secret.path("data").path(key).asText()), StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void kubectl(String... arguments) {
        Kubectl.Printed printed = cluster.kubectl.run("", List.of(arguments));
        assertThat(printed.exitCode()).as(printed.err()).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
