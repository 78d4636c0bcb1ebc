package dev.trimtab.api.install;

import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.cluster.Tls;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The certificate's Secret is renewed under a running Trimtab. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class RenewalTest extends ApiTest {
    @Test
    @DisplayName("a renewed certificate is served without a restart, and no connection fails meanwhile")
    void renewed() {
        BigInteger before = serial();
        AtomicBoolean stop = new AtomicBoolean();
        List<String> failed = new ArrayList<>();
        CompletableFuture<Integer> connections = CompletableFuture.supplyAsync(() -> {
            int made = 0;
            while (!stop.get()) {
                try {
                    BigInteger unused = serial();
                    made++;
                } catch (UncheckedIOException e) {
                    failed.add(e.toString());
                }
            }
            return made;
        });
        try {
            cluster.certificates.renew();
            Eventually.holds("the new certificate is served", () -> !serial().equals(before));
        } finally {
            stop.set(true);
        }
        assertThat(connections.join()).isPositive();
        assertThat(failed).isEmpty();
        assertFills();
    }

    @Test
    @DisplayName("a Secret that is no certificate: the last good one is served, and the next good one is taken")
    void unusable() {
        assertRefused(cluster.certificates::mountUnusable);
    }

    @Test
    @DisplayName("a certificate with another one's key: just so")
    void mismatch() {
        assertRefused(cluster.certificates::mountMismatch);
    }

    private void assertRefused(Runnable mounting) {
        BigInteger before = serial();
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = collecting(logged);
        Logger log = Logger.getLogger("dev.trimtab.webhook.WebhookKeyStore");
        log.addHandler(handler);
        try {
            mounting.run();
            Eventually.holds("it is in the log", () -> !logged.isEmpty());
        } finally {
            log.removeHandler(handler);
        }
        assertThat(logged).singleElement(STRING).endsWith("the last good one stays");
        assertThat(serial()).isEqualTo(before);
        assertFills();

        cluster.certificates.renew();
        Eventually.holds("the new certificate is served", () -> !serial().equals(before));
        assertFills();
    }

    private void assertFills() {
        assertThat(Models.scale(cluster.api.dryRunCreate(
                        KNATIVE_SERVICE, Api.yaml(Models.knativeService(namespace, "hello", "")))))
                .isEqualTo(Map.of("max", "0", "initial", "1"));
    }

    /** Of the certificate that a new connection gets, with no session to resume. */
    private BigInteger serial() {
        try {
            return Tls.served(Tls.trusting(cluster.certificates), mutate).getSerialNumber();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Handler collecting(List<String> lines) {
        PatternFormatter message = new PatternFormatter("%s");
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(message.format(line));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }
}
