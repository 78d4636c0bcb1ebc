package dev.trimtab.controller.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.certificates.Issuer;
import dev.trimtab.certificates.Pems;
import dev.trimtab.certificates.Plan;
import dev.trimtab.certificates.TlsPair;
import dev.trimtab.controller.MemoryCluster;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.RawClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is written into the cluster, and what is left alone. */
class CertificateReconcilerTest {
    private static final String GROUP = "admissionregistration.k8s.io";
    private static final String MUTATING = "mutatingwebhookconfigurations";
    private static final String VALIDATING = "validatingwebhookconfigurations";
    private static final String SERVING = "trimtab-webhook-tls";
    private static final String AUTHORITY = "trimtab-webhook-ca";
    private static final List<String> INSTALL = List.of(
            "POST secrets/",
            "PATCH mutatingwebhookconfigurations/trimtab.dev",
            "PATCH validatingwebhookconfigurations/trimtab.dev",
            "POST secrets/");

    private final MemoryCluster cluster = new MemoryCluster();
    private final CertificateReconciler reconciler = another();

    /** A CA that Trimtab did not make. */
    private final String other = Pems.of(List.of(
            new Issuer(new SecureRandom()).authority(cluster.clock.instant()).certificate()));

    private CertificateReconciler another() {
        RawClient objects = new RawClient(cluster.client);
        return new CertificateReconciler(objects, new EventRecorder(objects, cluster.clock), cluster.clock, "trimtab");
    }

    @BeforeEach
    void configurations() {
        configuration(MUTATING, "MutatingWebhookConfiguration", "services.trimtab.dev", "recorded.trimtab.dev");
        configuration(VALIDATING, "ValidatingWebhookConfiguration", "policy.trimtab.dev");
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    @DisplayName("a new cluster: CA, trust in every entry, certificate, in this order and at once; then nothing")
    void install() throws Exception {
        reconciler.reconcile();
        assertThat(writes()).containsExactlyElementsOf(INSTALL);
        assertThat(secret(SERVING).path("type").asText()).isEqualTo("kubernetes.io/tls");
        assertThat(bundles())
                .containsOnly(Set.of(pair(AUTHORITY).certificate()))
                .hasSize(3);
        assertThat(issuer()).isEqualTo(pair(AUTHORITY).certificate());
        pair(SERVING).certificate().verify(issuer().getPublicKey());
        assertThat(cluster.said(SERVING)).containsExactly("CertificateIssued", "CertificateIssued");

        reconciler.reconcile();
        cluster.clock.move(Plan.MOUNT);
        reconciler.reconcile();
        assertThat(writes()).isEmpty();
    }

    @Test
    @DisplayName("webhook configurations that come later, and an entry that is added, get the CA")
    void laterConfiguration() {
        cluster.remove(GROUP, MUTATING, "", "trimtab.dev");
        cluster.remove(GROUP, VALIDATING, "", "trimtab.dev");
        reconciler.reconcile();
        assertThat(writes()).containsExactly(INSTALL.get(0), INSTALL.get(3));

        configurations();
        reconciler.reconcile();
        assertThat(writes()).containsExactly(INSTALL.get(1), INSTALL.get(2));
        edit(MUTATING, it -> it.withArray("webhooks")
                .addObject()
                .put("name", "new.trimtab.dev")
                .putObject("clientConfig"));
        reconciler.reconcile();
        assertThat(writes()).containsExactly(INSTALL.get(1));
        assertThat(bundles()).hasSize(4).containsOnly(Set.of(pair(AUTHORITY).certificate()));
    }

    @Test
    @DisplayName("30 days before the end: a new key and certificate of the same CA, and no other write")
    void renewal() throws Exception {
        reconciler.reconcile();
        TlsPair before = pair(SERVING);
        cluster.clock.move(Duration.ofDays(60).minusSeconds(1));
        reconciler.reconcile();
        assertThat(pair(SERVING)).isEqualTo(before);
        writes();

        cluster.clock.move(Duration.ofSeconds(1));
        reconciler.reconcile();
        assertThat(writes()).containsExactly("PATCH secrets/trimtab-webhook-tls");
        assertThat(pair(SERVING).certificate().getPublicKey())
                .isNotEqualTo(before.certificate().getPublicKey());
        pair(SERVING).certificate().verify(pair(AUTHORITY).certificate().getPublicKey());
    }

    @Test
    @DisplayName("a year before the CA's end: its certificate is renewed with its key, and the old one is not kept")
    void authorityRenewal() throws Exception {
        reconciler.reconcile();
        TlsPair before = pair(AUTHORITY);
        X509Certificate old = pair(SERVING).certificate();
        writes();
        cluster.clock.move(Duration.ofDays(3650 - 365));
        cluster.edit("", "secrets", "trimtab", SERVING, it -> {}); // another version, as a write of somebody else
        reconciler.reconcile();
        assertThat(writes())
                .startsWith("PATCH secrets/trimtab-webhook-ca", INSTALL.get(1), INSTALL.get(2))
                .endsWith("PATCH secrets/trimtab-webhook-tls");
        assertThat(pair(AUTHORITY).certificate()).isNotEqualTo(before.certificate());
        assertThat(pair(AUTHORITY).key()).isEqualTo(before.key());
        old.verify(pair(AUTHORITY).certificate().getPublicKey());
        assertThat(bundles()).containsOnly(Set.of(pair(AUTHORITY).certificate()));
    }

    @Test
    @DisplayName("the CA's Secret is deleted: both CAs are trusted, then the new one signs, then the old one goes")
    void newKey() throws Exception {
        reconciler.reconcile();
        cluster.clock.move(Plan.MOUNT);
        X509Certificate old = pair(AUTHORITY).certificate();
        TlsPair served = pair(SERVING);
        writes();
        cluster.remove("", "secrets", "trimtab", AUTHORITY);

        reconciler.reconcile();
        X509Certificate now = pair(AUTHORITY).certificate();
        assertThat(bundles()).containsOnly(Set.of(now, old));
        assertThat(pair(SERVING)).isEqualTo(served);
        cluster.clock.move(Plan.PROPAGATION.minusSeconds(1));
        another().reconcile();
        assertThat(pair(SERVING)).as("also for another leader").isEqualTo(served);

        cluster.clock.move(Duration.ofSeconds(1));
        another().reconcile();
        pair(SERVING).certificate().verify(now.getPublicKey());
        cluster.clock.move(Plan.MOUNT.minusSeconds(1));
        reconciler.reconcile();
        assertThat(bundles()).containsOnly(Set.of(now, old));
        cluster.clock.move(Duration.ofSeconds(1));
        reconciler.reconcile();
        assertThat(bundles()).containsOnly(Set.of(now));
        assertThat(writes())
                .containsExactly(
                        INSTALL.get(0),
                        INSTALL.get(1),
                        INSTALL.get(2),
                        "PATCH secrets/trimtab-webhook-ca",
                        "PATCH secrets/trimtab-webhook-tls",
                        INSTALL.get(1),
                        INSTALL.get(2));
    }

    @Test
    @DisplayName("somebody takes a CA out of a bundle meanwhile: the API server gets its time again")
    void lostTrust() {
        newKeyAfter(Plan.PROPAGATION.minusSeconds(1));
        X509Certificate served = pair(SERVING).certificate();
        edit(VALIDATING, it -> it.withObject("/webhooks/0/clientConfig").remove("caBundle"));
        reconciler.reconcile();
        assertThat(bundles())
                .allSatisfy(it ->
                        assertThat(it).contains(pair(AUTHORITY).certificate()).hasSize(2));
        cluster.clock.move(Plan.PROPAGATION.minusSeconds(1));
        reconciler.reconcile();
        assertThat(pair(SERVING).certificate()).isEqualTo(served);
        cluster.clock.move(Duration.ofSeconds(1));
        reconciler.reconcile();
        assertThat(pair(SERVING).certificate()).isNotEqualTo(served);
    }

    private void newKeyAfter(Duration time) {
        reconciler.reconcile();
        cluster.clock.move(Plan.MOUNT);
        cluster.remove("", "secrets", "trimtab", AUTHORITY);
        reconciler.reconcile();
        cluster.clock.move(time);
    }

    @Test
    @DisplayName("Secrets that are unusable: replaced, with an Event that says why")
    void repairs() throws Exception {
        reconciler.reconcile();
        String key = secret(AUTHORITY).at("/data/tls.key").asText();
        data(SERVING, "tls.key", key);
        reconciler.reconcile();
        pair(SERVING).certificate().verify(pair(AUTHORITY).certificate().getPublicKey());
        assertThat(message("CertificateRepaired"))
                .startsWith(
                        "the stored one was unusable (the key is not that of the certificate) and is replaced by a certificate"
                                + " for trimtab-webhook.trimtab.svc, serial=");

        data(SERVING, "tls.crt", base64("no PEM"));
        cluster.clock.move(Duration.ofSeconds(1));
        reconciler.reconcile();
        pair(SERVING).certificate().verify(pair(AUTHORITY).certificate().getPublicKey());

        X509Certificate old = pair(AUTHORITY).certificate();
        data(AUTHORITY, "tls.key", base64("no key"));
        cluster.clock.move(Duration.ofSeconds(1));
        reconciler.reconcile();
        assertThat(bundles()).containsOnly(Set.of(pair(AUTHORITY).certificate(), old));
        assertThat(cluster.said(SERVING))
                .containsExactly(
                        "CertificateIssued",
                        "CertificateIssued",
                        "CertificateRepaired",
                        "CertificateRepaired",
                        "CertificateRepaired");
    }

    @Test
    @DisplayName(
            "what is another one's is left alone, and said once a day: annotations of injectors, Secrets without the label")
    void strangers() {
        for (String annotation :
                List.of("cert-manager.io/inject-ca-from", "service.beta.openshift.io/inject-cabundle")) {
            edit(
                    MUTATING,
                    it -> it.withObject("/metadata/annotations").removeAll().put(annotation, "x"));
            reconciler.reconcile();
            assertThat(message("CertificateNotOwned"))
                    .isEqualTo(
                            "no certificate is issued or renewed: MutatingWebhookConfiguration trimtab.dev has the annotation "
                                    + annotation + ", so somebody else writes its caBundle: remove it");
            cluster.all("", "events")
                    .forEach(it -> cluster.remove(
                            "", "events", "trimtab", it.at("/metadata/name").asText()));
        }
        edit(MUTATING, it -> it.withObject("/metadata").remove("annotations"));
        cluster.create(
                "secrets",
                "{apiVersion: v1, kind: Secret, metadata: {name: trimtab-webhook-tls, namespace: trimtab}, data: {}}");
        reconciler.reconcile();
        reconciler.reconcile();
        cluster.clock.move(Duration.ofDays(1));
        reconciler.reconcile();
        assertThat(writes()).isEmpty();
        assertThat(cluster.said(SERVING)).containsExactly("CertificateNotOwned", "CertificateNotOwned");
        assertThat(message("CertificateNotOwned"))
                .endsWith("Secret trimtab/trimtab-webhook-tls is not Trimtab's (no label app.kubernetes.io/managed-by="
                        + "trimtab-controller): delete it, and first what makes it, such as a Certificate");

        cluster.remove("", "secrets", "trimtab", SERVING);
        reconciler.reconcile();
        assertThat(writes()).containsExactlyElementsOf(INSTALL);
    }

    @Test
    @DisplayName("a CA of before, as after cert-manager: trusted until the pods have what Trimtab issues")
    void takesOver() {
        configurations("caBundle", base64(other));
        X509Certificate old = Pems.certificates(other).iterator().next();
        reconciler.reconcile();
        assertThat(bundles()).containsOnly(Set.of(old, pair(AUTHORITY).certificate()));
        assertThat(cluster.find("", "secrets", "trimtab", SERVING)).isEmpty();
        cluster.clock.move(Plan.PROPAGATION);
        reconciler.reconcile();
        cluster.clock.move(Plan.MOUNT);
        reconciler.reconcile();
        assertThat(bundles()).containsOnly(Set.of(pair(AUTHORITY).certificate()));
    }

    @Test
    @DisplayName("a conflict: all is read anew, and nothing of another leader is overwritten")
    void conflict() throws Exception {
        // The other leader comes first with a CA, and later with any write.
        TlsPair other = new Issuer(new SecureRandom()).authority(cluster.clock.instant());
        cluster.before(
                request -> request.is("POST", "secrets"),
                () -> cluster.create("secrets", """
                apiVersion: v1
                kind: Secret
                metadata:
                  name: trimtab-webhook-ca
                  namespace: trimtab
                  labels: {app.kubernetes.io/managed-by: trimtab-controller}
                data: {tls.crt: %s, tls.key: %s}
                """.formatted(
                                base64(Pems.of(List.of(other.certificate()))), base64(Pems.of(other.key())))));
        reconciler.reconcile();
        assertThat(bundles()).containsOnly(Set.of(other.certificate()));
        assertThat(issuer()).isEqualTo(other.certificate());

        for (String object : List.of("secrets", MUTATING, VALIDATING)) {
            cluster.clock.move(Duration.ofDays(60));
            cluster.before(
                    request -> request.is("PATCH", object),
                    () -> cluster.edit(
                            object.equals("secrets") ? "" : GROUP,
                            object,
                            object.equals("secrets") ? "trimtab" : "",
                            object.equals("secrets") ? SERVING : "trimtab.dev",
                            it -> it.withObject("/metadata").put("generation", 2)));
            if (!object.equals("secrets")) {
                configurations("caBundle", "");
            }
            reconciler.reconcile();
            assertThat(bundles()).containsOnly(Set.of(other.certificate()));
            assertThat(pair(SERVING).ends()).isAfter(cluster.clock.instant().plus(Duration.ofDays(89)));
        }
        assertThat(cluster.said(SERVING)).doesNotContain("CertificateFailed");
    }

    @Test
    @DisplayName(
            "a right is missing: one Event a day that says which and where it is; with the right, the next look goes on")
    void forbidden() {
        cluster.refuse(
                request -> request.is("POST", "secrets"),
                403,
                "secrets is forbidden: trimtab-controller cannot create");
        reconciler.reconcile();
        reconciler.reconcile();
        assertThat(cluster.said(SERVING)).containsExactly("CertificateFailed");
        assertThat(message("CertificateFailed"))
                .isEqualTo("no certificate is issued or renewed: secrets is forbidden: trimtab-controller cannot create"
                        + " (deploy/components/own-certificates has the rights for this)");
        cluster.clock.move(Duration.ofDays(1));
        reconciler.reconcile();
        assertThat(cluster.said(SERVING)).containsExactly("CertificateFailed", "CertificateFailed");

        cluster.refuseNothing();
        cluster.refuse(
                request -> request.is("GET", "secrets"), 403, "secrets is forbidden: trimtab-controller cannot get");
        reconciler.reconcile();
        assertThat(cluster.said(SERVING)).hasSize(3);
        writes();
        cluster.refuseNothing();
        reconciler.reconcile();
        assertThat(writes()).containsExactlyElementsOf(INSTALL);
    }

    @Test
    @DisplayName("the API server is away: the queue tries again, and no Event says that something is wrong")
    void away() {
        cluster.refuse(request -> request.isWrite(), 503, "not now");
        assertThatThrownBy(reconciler::reconcile).isInstanceOf(KubernetesClientException.class);
        cluster.refuseNothing();
        reconciler.reconcile();
        assertThat(cluster.said(SERVING)).containsOnly("CertificateIssued");
    }

    private void configuration(String plural, String kind, String... entries) {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: admissionregistration.k8s.io/v1
                kind: %s
                metadata: {name: trimtab.dev}
                webhooks:
                """.formatted(kind));
        for (String entry : entries) {
            yaml.append("  - {name: %s, clientConfig: {service: {name: trimtab-webhook}}}%n".formatted(entry));
        }
        cluster.create(plural, yaml.toString());
    }

    private void configurations(String field, String value) {
        for (String plural : List.of(MUTATING, VALIDATING)) {
            edit(plural, it -> it.path("webhooks")
                    .forEach(entry ->
                            ((ObjectNode) entry).withObject("/clientConfig").put(field, value)));
        }
    }

    private void edit(String plural, Consumer<ObjectNode> how) {
        cluster.edit(GROUP, plural, "", "trimtab.dev", how);
    }

    private void data(String secret, String key, String base64) {
        cluster.edit(
                "", "secrets", "trimtab", secret, it -> it.withObject("/data").put(key, base64));
    }

    private List<String> writes() {
        return cluster.writes();
    }

    private ObjectNode secret(String name) {
        return cluster.find("", "secrets", "trimtab", name).orElseThrow();
    }

    private TlsPair pair(String name) {
        try {
            return TlsPair.read(text(name, "tls.crt"), text(name, "tls.key"));
        } catch (GeneralSecurityException unusable) {
            throw new AssertionError(unusable);
        }
    }

    private X509Certificate issuer() {
        return Pems.certificates(text(SERVING, "ca.crt")).iterator().next();
    }

    private String text(String name, String key) {
        return new String(
                Base64.getDecoder().decode(secret(name).path("data").path(key).asText()), StandardCharsets.UTF_8);
    }

    /** The distinct bundles of all entries. */
    private List<Set<X509Certificate>> bundles() {
        return List.of(MUTATING, VALIDATING).stream()
                .flatMap(plural -> cluster.find(GROUP, plural, "", "trimtab.dev").stream())
                .flatMap(it -> it.findValues("clientConfig").stream())
                .map(it -> new String(
                        Base64.getDecoder().decode(it.path("caBundle").asText("")), StandardCharsets.UTF_8))
                .<Set<X509Certificate>>map(it -> new LinkedHashSet<>(Pems.certificates(it)))
                .toList();
    }

    private String message(String reason) {
        return cluster.all("", "events").stream()
                .filter(it -> it.path("reason").asText().equals(reason))
                .reduce((one, other) -> other)
                .orElseThrow()
                .path("message")
                .asText();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
