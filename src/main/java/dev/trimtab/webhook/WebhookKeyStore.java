package dev.trimtab.webhook;

import dev.trimtab.cluster.TrimtabConfig;
import dev.trimtab.cluster.UnusableSetting;
import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PfxOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import javax.net.ssl.KeyManagerFactory;
import org.jboss.logging.Logger;

/**
 * The certificate of the webhook for Quarkus' TLS registry, which asks again each {@code reload-period} and so follows a
 * renewed cert-manager Secret without a restart. With no certificate configured it is self-signed, for development.
 *
 * <p>What it hands out is the same each time: a key manager that changes within.
 */
@ApplicationScoped
@Identifier("webhook")
public class WebhookKeyStore implements KeyStoreProvider {
    private static final Logger LOG = Logger.getLogger(WebhookKeyStore.class);

    private final TrimtabConfig config;
    private final RenewableKeyManager keys = new RenewableKeyManager();
    private final KeyCertOptions handedOut = new Same(KeyCertOptions.wrap(keys));
    private KeyCertOptions selfSigned;
    private KeyCertOptions served;
    private KeyStore store;
    private String complaint = "";

    WebhookKeyStore(TrimtabConfig config) {
        this.config = config;
    }

    @Override
    public synchronized KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        try {
            KeyCertOptions current = read();
            if (!current.equals(served)) {
                KeyStore loaded = load(current, vertx);
                keys.take(current, vertx);
                log(loaded);
                served = current;
                store = loaded;
            }
            complaint = "";
            return new KeyStoreAndKeyCertOptions(store, handedOut);
        } catch (Exception unreadable) {
            String problem = "the webhook's certificate cannot be read: " + unreadable.getMessage();
            // The registry keeps the last good one and says nothing; it asks again each period, and once is enough.
            if (served != null && !complaint.equals(problem)) {
                LOG.errorf("%s; the last good one stays", problem);
                complaint = problem;
            }
            throw new UnusableSetting(problem, unreadable);
        }
    }

    private static void log(KeyStore store) throws KeyStoreException {
        for (String alias : Collections.list(store.aliases())) {
            if (store.getCertificate(alias) instanceof X509Certificate now) {
                LOG.infof(
                        "serving certificate serial=%s until=%s",
                        now.getSerialNumber().toString(16), now.getNotAfter().toInstant());
            }
        }
    }

    private KeyCertOptions read() throws IOException {
        if (config.tls().certificate().isPresent() && config.tls().key().isPresent()) {
            return pem(config.tls().certificate().get(), config.tls().key().get());
        }
        if (config.tls().certificate().isEmpty() && config.tls().key().isEmpty()) {
            return selfSigned();
        }
        throw new IOException("set both trimtab.tls.certificate and trimtab.tls.key, or neither of them");
    }

    /** By content: with their paths only, a renewed certificate would equal the one before. */
    private static KeyCertOptions pem(Path certificate, Path key) throws IOException {
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(Files.readAllBytes(certificate)))
                .setKeyValue(Buffer.buffer(Files.readAllBytes(key)));
    }

    private KeyCertOptions selfSigned() {
        if (selfSigned == null) {
            LOG.warn(
                    "no trimtab.tls.certificate: serving with a self-signed certificate made on the spot, for development only");
            selfSigned = DevelopmentCertificate.make();
        }
        return selfSigned;
    }

    private static KeyStore load(KeyCertOptions options, Vertx vertx) throws Exception {
        return options instanceof PemKeyCertOptions pem
                ? pem.loadKeyStore(vertx)
                : ((PfxOptions) options).loadKeyStore(vertx);
    }

    /** Vert.x copies options and compares: a copy that equals leaves its server alone. */
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
