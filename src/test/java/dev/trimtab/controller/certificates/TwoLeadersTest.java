package dev.trimtab.controller.certificates;

import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.certificates.Pems;
import dev.trimtab.certificates.Plan;
import dev.trimtab.controller.MemoryCluster;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.RawClient;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two controllers that both believe to lead. One stops between two of its requests, for longer than any write takes to be everywhere,
 * and goes on while the other one is between two of its own. At each pair of places the API servers trust what the pods serve.
 */
class TwoLeadersTest {
    private static final String GROUP = "admissionregistration.k8s.io";
    private static final String SERVING = "trimtab-webhook-tls";
    private static final String AUTHORITY = "trimtab-webhook-ca";
    private static final List<String> CONFIGURATIONS =
            List.of("mutatingwebhookconfigurations", "validatingwebhookconfigurations");

    /** The plan counts on a little more: a write takes time itself. */
    private static final Duration SLOWEST_API_SERVER = Plan.PROPAGATION.minusSeconds(5);

    private static final Duration SLOWEST_POD = Plan.MOUNT.minusMinutes(1);
    /** The other leader reads four objects, and writes the certificate that the new CA has signed. */
    private static final int UNTIL_ISSUED = 5;

    private static final int DEADLINE_SECONDS = 60;

    private final MemoryCluster cluster = new MemoryCluster();
    private final Leader one = new Leader();
    private final Leader other = new Leader();

    /** What was stored, and since when. */
    private record Version<T>(Instant since, T content) {}

    private final List<List<Version<Set<X509Certificate>>>> bundles = List.of(new ArrayList<>(), new ArrayList<>());
    private final List<Version<Set<X509Certificate>>> served = new ArrayList<>();
    private String seen = "";

    /** What the stopped leader was about to do. */
    private enum Start {
        /** Nothing: all is as it should be. */
        AT_REST,
        /** Take the CA of before out of the bundles, because each pod has the certificate of the new one. */
        OLD_AUTHORITY_GOES,
        /** Renew the pods' certificate. */
        RENEWAL
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("the CA's Secret is deleted meanwhile: whatever the stopped leader has read, it takes no trust away")
    void deletedAuthority(Start start) {
        begin(start);
        Moment beginning = moment();
        int places = one.requests();
        assertThat(places).as("requests of an undisturbed reconcile").isGreaterThanOrEqualTo(4);
        int seconds = UNTIL_ISSUED + 1;
        for (int pair = 0; pair < (places + 1) * seconds; pair += SHARE) {
            beginAgain(beginning);
            race(start, pair / seconds, pair % seconds);
        }
    }

    private void race(Start start, int first, int second) {
        String where = "%s, stopped before request %d, goes on before request %d".formatted(start, first, second);
        one.begin();
        one.let(first, where);
        cluster.remove("", "secrets", "trimtab", AUTHORITY);
        other.reconcile(where);
        pass(Plan.PROPAGATION, where);
        other.begin();
        assertThat(other.let(second, where)).as(where).isTrue();
        one.end(where);
        other.end(where);
        for (Duration time : List.of(Plan.PROPAGATION, Plan.MOUNT, Plan.MOUNT)) {
            pass(time, where);
            other.reconcile(where);
        }
        X509Certificate authority = certificates(AUTHORITY).iterator().next();
        assertThat(bundles).as(where).allSatisfy(it -> assertThat(newest(it)).containsExactly(authority));
        assertThat(issuers()).as(where).containsExactly(authority);
    }

    /** Makes it so, by the first leader. */
    private void begin(Start start) {
        CONFIGURATIONS.forEach(plural -> {
            String kind = plural.startsWith("m") ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration";
            var unused = cluster.create(plural, """
                    apiVersion: admissionregistration.k8s.io/v1
                    kind: %s
                    metadata: {name: trimtab.dev}
                    webhooks: [{name: a.trimtab.dev, clientConfig: {}}, {name: b.trimtab.dev, clientConfig: {}}]
                    """.formatted(kind));
        });
        // Until the pods have their first certificate, there is no trust to keep: nobody looks.
        one.reconcile("");
        cluster.clock.move(Plan.MOUNT);
        if (start == Start.RENEWAL) {
            cluster.clock.move(Duration.ofDays(60));
        }
        if (start == Start.OLD_AUTHORITY_GOES) {
            String where = start + " at its beginning";
            look(where);
            cluster.remove("", "secrets", "trimtab", AUTHORITY);
            one.reconcile(where);
            pass(Plan.PROPAGATION, where);
            one.reconcile(where);
            pass(Plan.MOUNT, where);
        }
    }

    /** What is stored at one moment, to begin at it again. */
    private record Moment(Instant time, List<ObjectNode> configurations, List<ObjectNode> secrets) {}

    private Moment moment() {
        return new Moment(
                cluster.clock.instant(),
                CONFIGURATIONS.stream()
                        .flatMap(it -> cluster.all(GROUP, it).stream())
                        .toList(),
                cluster.all("", "secrets"));
    }

    private void beginAgain(Moment moment) {
        cluster.clock.set(moment.time());
        for (ObjectNode event : cluster.all("", "events")) {
            cluster.remove("", "events", "trimtab", event.at("/metadata/name").asText());
        }
        for (int i = 0; i < CONFIGURATIONS.size(); i++) {
            cluster.remove(GROUP, CONFIGURATIONS.get(i), "", "trimtab.dev");
            var unused = cluster.create(
                    CONFIGURATIONS.get(i), moment.configurations().get(i).toString());
        }
        for (ObjectNode secret : moment.secrets()) {
            cluster.remove("", "secrets", "trimtab", secret.at("/metadata/name").asText());
            var unused = cluster.create("secrets", secret.toString());
        }
        bundles.forEach(List::clear);
        served.clear();
        seen = "";
        look("at the beginning");
    }

    private void pass(Duration time, String where) {
        cluster.clock.move(time);
        look(where);
    }

    /**
     * Whoever may still have what was stored a moment ago is asked, too.
     *
     * @param where for a failure; nobody looks if it is empty
     */
    private void look(String where) {
        String state = CONFIGURATIONS.stream()
                        .map(it -> cluster.find(GROUP, it, "", "trimtab.dev")
                                .orElseThrow()
                                .path("webhooks"))
                        .toList()
                + String.valueOf(cluster.find("", "secrets", "trimtab", SERVING).map(it -> it.path("data")));
        // With time fewer may have what was stored before, so only a write can break anything.
        if (where.isEmpty() || state.equals(seen)) {
            return;
        }
        seen = state;
        Instant now = cluster.clock.instant();
        for (int i = 0; i < bundles.size(); i++) {
            ArrayList<Set<X509Certificate>> entries = new ArrayList<>();
            cluster.find(GROUP, CONFIGURATIONS.get(i), "", "trimtab.dev")
                    .orElseThrow()
                    .path("webhooks")
                    .forEach(it -> entries.add(certificates(it.at("/clientConfig/caBundle"))));
            assertThat(entries).as(where).allMatch(entries.get(0)::equals);
            note(bundles.get(i), entries.get(0), now);
        }
        Set<X509Certificate> serving = certificates(SERVING);
        if (!serving.isEmpty()) {
            note(served, serving, now);
        }
        for (List<Version<Set<X509Certificate>>> configuration : bundles) {
            for (Set<X509Certificate> trusted : seen(configuration, now.minus(SLOWEST_API_SERVER))) {
                for (Set<X509Certificate> certificate : seen(served, now.minus(SLOWEST_POD))) {
                    assertThat(trusted)
                            .as("%s: trusts the certificate", where)
                            .anyMatch(it -> isSigned(certificate.iterator().next(), it));
                }
            }
        }
    }

    private static <T> void note(List<Version<T>> versions, T content, Instant now) {
        if (versions.isEmpty() || !newest(versions).equals(content)) {
            versions.add(new Version<>(now, content));
        }
    }

    private static <T> T newest(List<Version<T>> versions) {
        return versions.get(versions.size() - 1).content();
    }

    /** The newest, and each that was replaced after this moment. */
    private static <T> List<T> seen(List<Version<T>> versions, Instant since) {
        List<T> seen = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            if (i == versions.size() - 1 || versions.get(i + 1).since().isAfter(since)) {
                seen.add(versions.get(i).content());
            }
        }
        return seen;
    }

    private static boolean isSigned(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    private Set<X509Certificate> certificates(String secret) {
        return cluster.find("", "secrets", "trimtab", secret)
                .map(it -> certificates(it.path("data").path("tls.crt")))
                .orElse(Set.of());
    }

    private Set<X509Certificate> issuers() {
        return cluster.find("", "secrets", "trimtab", SERVING)
                .map(it -> certificates(it.path("data").path("ca.crt")))
                .orElse(Set.of());
    }

    private static Set<X509Certificate> certificates(JsonNode base64) {
        return Pems.certificates(new String(Base64.getDecoder().decode(base64.asText("")), StandardCharsets.US_ASCII));
    }

    /** A controller of which each request waits until it is let go. Events are not counted: nothing depends on them. */
    private final class Leader implements Interceptor, AutoCloseable {
        private final KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(cluster.client.getConfiguration()).build())
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("places", this))
                .build();
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final Semaphore go = new Semaphore(0);

        /** Whether it waits before a request; false at its end. */
        private final BlockingQueue<Boolean> waits = new LinkedBlockingQueue<>();

        private boolean waiting;

        void begin() {
            RawClient objects = new RawClient(client);
            EventRecorder events = new EventRecorder(objects, cluster.clock);
            CertificateReconciler reconciler = new CertificateReconciler(objects, events, cluster.clock, "trimtab");
            thread.execute(() -> {
                try {
                    reconciler.reconcile();
                } finally {
                    waits.add(false);
                }
            });
            waiting = next();
        }

        /** @return whether it has more to send than these requests */
        boolean let(int requests, String where) {
            for (int i = 0; waiting && i < requests; i++) {
                go.release();
                waiting = next();
                look(where);
            }
            return waiting;
        }

        void end(String where) {
            boolean unused = let(Integer.MAX_VALUE, where);
        }

        void reconcile(String where) {
            begin();
            end(where);
        }

        /** How many requests its reconcile needs now. */
        int requests() {
            begin();
            int requests = 0;
            while (let(1, "")) {
                requests++;
            }
            return requests + 1;
        }

        private boolean next() {
            try {
                Boolean next = waits.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
                assertThat(next).as("a request, or the end").isNotNull();
                return next;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            if (!request.uri().getPath().contains("/events")) {
                waits.add(true);
                go.acquireUninterruptibly();
            }
        }

        @Override
        public void close() {
            thread.shutdownNow();
            client.close();
        }
    }
}
