package dev.trimtab.webhook;

import dev.trimtab.certificates.TlsPair;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Gives each new TLS handshake the newest certificate. New options for a running Vert.x server would close connections
 * that arrive at that moment. Its listener has no TLS context for some milliseconds (Vert.x 4.5,
 * TCPServerBase.updateSSLOptions).
 *
 * <p>An alias contains the version with which a handshake began, so that key and certificate are of the same version.
 */
final class RenewableKeyManager extends X509ExtendedKeyManager {
    private record Version(String number, X509ExtendedKeyManager keys) {
        String alias(String alias) {
            return alias == null ? null : number + ":" + alias;
        }
    }

    private final AtomicLong count = new AtomicLong();
    /** At most two, newest first. The older one serves handshakes that are under way. */
    private volatile List<Version> versions = List.of();

    /** New handshakes use these options from now on. */
    void take(KeyCertOptions options, Vertx vertx) throws Exception {
        for (KeyManager manager : options.getKeyManagerFactory(vertx).getKeyManagers()) {
            if (manager instanceof X509ExtendedKeyManager keys) {
                KeyPairCheck.check(keys);
                Version version = new Version(Long.toString(count.incrementAndGet()), keys);
                List<Version> before = versions;
                versions = before.isEmpty() ? List.of(version) : List.of(version, before.get(0));
                return;
            }
        }
        throw new IllegalStateException("no key manager for X.509");
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        Version newest = versions.get(0);
        return newest.alias(newest.keys().chooseEngineServerAlias(keyType, issuers, engine));
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        Version newest = versions.get(0);
        return newest.alias(newest.keys().chooseServerAlias(keyType, issuers, socket));
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        Map.Entry<Version, String> found = find(alias);
        return found.getKey().keys().getCertificateChain(found.getValue());
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        Map.Entry<Version, String> found = find(alias);
        return found.getKey().keys().getPrivateKey(found.getValue());
    }

    /** Returns null: a server presents no client certificate. */
    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return null;
    }

    private Map.Entry<Version, String> find(String alias) {
        int colon = alias.indexOf(':');
        String number = alias.substring(0, colon);
        List<Version> now = versions;
        Version version = now.stream()
                .filter(it -> it.number().equals(number))
                .findFirst()
                .orElse(now.get(0));
        return Map.entry(version, alias.substring(colon + 1));
    }

    /**
     * Checks that a private key belongs to its certificate. Files that are read while a Secret is swapped may not
     * belong together: every handshake would fail until the next reload.
     */
    static final class KeyPairCheck {
        private static final List<String> KINDS = List.of("EC", "RSA");

        private KeyPairCheck() {}

        /** @throws GeneralSecurityException if a key does not belong to its certificate */
        static void check(X509ExtendedKeyManager keys) throws GeneralSecurityException {
            for (String kind : KINDS) {
                String[] aliases = keys.getServerAliases(kind, null);
                if (aliases != null) {
                    for (String alias : aliases) {
                        TlsPair.check(keys.getPrivateKey(alias), keys.getCertificateChain(alias)[0]);
                    }
                }
            }
        }
    }
}
