package dev.trimtab.webhook;

import dev.trimtab.cluster.TrimtabConfig;
import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PfxOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import org.jboss.logging.Logger;

/**
 * The certificate of the webhook for Quarkus' TLS registry, which asks again each {@code reload-period} and so follows a
 * renewed cert-manager Secret without a restart. With no certificate configured it is self-signed, for development.
 */
@ApplicationScoped
@Identifier("webhook")
public class WebhookKeyStore implements KeyStoreProvider {
    private static final Logger LOG = Logger.getLogger(WebhookKeyStore.class);

    private final TrimtabConfig config;
    private KeyCertOptions selfSigned;
    private X509Certificate served;

    WebhookKeyStore(TrimtabConfig config) {
        this.config = config;
    }

    @Override
    public synchronized KeyStoreAndKeyCertOptions getKeyStore(Vertx vertx) {
        KeyCertOptions options;
        if (config.tls().certificate().isPresent() && config.tls().key().isPresent()) {
            options = pem(config.tls().certificate().get(), config.tls().key().get());
        } else if (config.tls().certificate().isEmpty() && config.tls().key().isEmpty()) {
            options = selfSigned();
        } else {
            throw new IllegalStateException("set both trimtab.tls.certificate and trimtab.tls.key, or neither of them");
        }
        KeyStore store = load(options, vertx);
        sayIfNew(store);
        return new KeyStoreAndKeyCertOptions(store, options);
    }

    private void sayIfNew(KeyStore store) {
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.getCertificate(alias) instanceof X509Certificate now && !now.equals(served)) {
                    served = now;
                    LOG.infof(
                            "serving certificate serial=%s until=%s",
                            now.getSerialNumber().toString(16),
                            now.getNotAfter().toInstant());
                }
            }
        } catch (KeyStoreException notLoaded) {
            throw new IllegalStateException(notLoaded);
        }
    }

    private static KeyCertOptions pem(Path certificate, Path key) {
        return new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString());
    }

    private KeyCertOptions selfSigned() {
        if (selfSigned == null) {
            LOG.warn(
                    "no trimtab.tls.certificate: serving with a self-signed certificate made on the spot, for development only");
            selfSigned = DevelopmentCertificate.make();
        }
        return selfSigned;
    }

    private static KeyStore load(KeyCertOptions options, Vertx vertx) {
        try {
            return options instanceof PemKeyCertOptions pem
                    ? pem.loadKeyStore(vertx)
                    : ((PfxOptions) options).loadKeyStore(vertx);
        } catch (Exception unreadable) {
            throw new IllegalStateException(
                    "the webhook's certificate cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }
}
