package dev.trimtab.webhook;

import dev.trimtab.certificates.Issuer;
import dev.trimtab.certificates.Pems;
import dev.trimtab.certificates.TlsPair;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/** A self-signed certificate for {@code localhost}, which exists in memory only. */
final class DevelopmentCertificate {
    private DevelopmentCertificate() {}

    static PemKeyCertOptions make() {
        TlsPair pair = new Issuer(new SecureRandom()).selfSigned(Instant.now());
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(Pems.of(List.of(pair.certificate()))))
                .setKeyValue(Buffer.buffer(Pems.of(pair.key())));
    }
}
