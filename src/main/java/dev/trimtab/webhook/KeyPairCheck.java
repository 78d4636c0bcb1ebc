package dev.trimtab.webhook;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Whether a private key is that of its certificate. Files that are read one after the other while a Secret is swapped
 * may not be: every handshake would fail until the next look.
 */
final class KeyPairCheck {
    /** How to sign with each kind of key that cert-manager and openssl make for a server. */
    private static final Map<String, String> SIGNATURES = Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA");

    private static final byte[] SAMPLE = {1, 2, 3};

    private KeyPairCheck() {}

    /** @throws GeneralSecurityException with the reason where they do not belong together */
    static void check(X509ExtendedKeyManager keys) throws GeneralSecurityException {
        for (Map.Entry<String, String> kind : SIGNATURES.entrySet()) {
            String[] aliases = keys.getServerAliases(kind.getKey(), null);
            if (aliases != null) {
                for (String alias : aliases) {
                    check(kind.getValue(), keys.getPrivateKey(alias), keys.getCertificateChain(alias)[0]);
                }
            }
        }
    }

    private static void check(String algorithm, PrivateKey key, X509Certificate certificate)
            throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(SAMPLE);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the key is not that of the certificate");
        }
    }
}
