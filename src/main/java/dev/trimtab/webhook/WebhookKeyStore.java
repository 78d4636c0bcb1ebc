package dev.trimtab.webhook;

import dev.trimtab.cluster.TrimtabConfig;
import dev.trimtab.cluster.UnusableSetting;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Gives the webhook's certificate to Quarkus' TLS registry. The registry asks again each {@code reload-period}, so a
 * renewed cert-manager Secret needs no restart. If no certificate is configured, a self-signed one serves for
 * development.
 *
 * <p>The registry always gets the same key manager, which changes inside.
 */
@ApplicationScoped
@Identifier("webhook")
public class WebhookKeyStore implements KeyStoreProvider {
    private static final Logger LOG = Logger.getLogger(WebhookKeyStore.class);

    private final TrimtabConfig config;
    private final MeterRegistry metrics;
    private final RenewableKeyManager keys = new RenewableKeyManager();
    private final KeyCertOptions handedOut = new Same(KeyCertOptions.wrap(keys));
    private PemKeyCertOptions selfSigned;
    private PemKeyCertOptions served;
    private KeyStore store;
    private String complaint = "";

    private Optional<Gauge> gauge = Optional.empty();
    private volatile Optional<Instant> expiry = Optional.empty();

    WebhookKeyStore(TrimtabConfig config, MeterRegistry metrics) {
        this.config = config;
        this.metrics = metrics;
    }

    /** No gauge where nothing is served: the controller's pods have the port closed. */
    void measure(
            @Observes StartupEvent started,
            @ConfigProperty(name = "quarkus.http.host-enabled", defaultValue = "true") boolean serves) {
        if (serves) {
            gauge = Optional.of(
                    Gauge.builder("trimtab.certificate.expiry.timestamp.seconds", this, WebhookKeyStore::expirySeconds)
                            .description("When the certificate expires that new connections get, in Unix seconds")
                            .register(metrics));
        }
    }

    /** Removes the gauge: the registry outlives an application that restarts in the same JVM. */
    @PreDestroy
    void stop() {
        gauge.ifPresent(metrics::remove);
    }

    /** Not a number before there is a certificate. */
    private double expirySeconds() {
        return expiry.map(it -> (double) it.getEpochSecond()).orElse(Double.NaN);
    }

    @Override
    public synchronized KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        try {
            PemKeyCertOptions current = read();
            if (!current.equals(served)) {
                KeyStore loaded = current.loadKeyStore(vertx);
                keys.take(current, vertx);
                expiry = logged(loaded);
                served = current;
                store = loaded;
            }
            complaint = "";
            return new KeyStoreAndKeyCertOptions(store, handedOut);
        } catch (Exception unreadable) {
            String problem = "the webhook's certificate cannot be read: " + unreadable.getMessage();
            // The registry keeps the last good certificate silently and asks again each period. One log line is enough.
            if (served != null && !complaint.equals(problem)) {
                LOG.errorf("%s; the last good one stays", problem);
                complaint = problem;
            }
            throw new UnusableSetting(problem, unreadable);
        }
    }

    /** Of the one certificate in the store. */
    private static Optional<Instant> logged(KeyStore store) throws KeyStoreException {
        Optional<Instant> end = Optional.empty();
        for (String alias : Collections.list(store.aliases())) {
            if (store.getCertificate(alias) instanceof X509Certificate now) {
                end = Optional.of(now.getNotAfter().toInstant());
                LOG.infof(
                        "serving certificate serial=%s until=%s",
                        now.getSerialNumber().toString(16), end.get());
            }
        }
        return end;
    }

    private PemKeyCertOptions read() throws IOException {
        if (config.tls().certificate().isPresent() && config.tls().key().isPresent()) {
            return pem(config.tls().certificate().get(), config.tls().key().get());
        }
        if (config.tls().certificate().isEmpty() && config.tls().key().isEmpty()) {
            return selfSigned();
        }
        throw new IOException("set both trimtab.tls.certificate and trimtab.tls.key, or neither of them");
    }

    /** Reads the content: options with only the paths would make a renewed certificate equal the old one. */
    private static PemKeyCertOptions pem(Path certificate, Path key) throws IOException {
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(Files.readAllBytes(certificate)))
                .setKeyValue(Buffer.buffer(Files.readAllBytes(key)));
    }

    private PemKeyCertOptions selfSigned() {
        if (selfSigned == null) {
            LOG.warn(
                    "no trimtab.tls.certificate: serving with a self-signed certificate made on the spot, for development only");
            selfSigned = DevelopmentCertificate.make();
        }
        return selfSigned;
    }

    /** Vert.x compares a copy of the options. An equal copy leaves its server unchanged. */
    private record Same(KeyCertOptions options) implements KeyCertOptions {
        @Override
        public KeyCertOptions copy() {
            return this;
        }

        @Override
        public KeyManagerFactory getKeyManagerFactory(Vertx vertx) throws Exception {
            return options.getKeyManagerFactory(vertx);
        }
    }
}
