package dev.trimtab.certificates;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.wildfly.common.bytes.ByteStringBuilder;
import org.wildfly.common.iteration.ByteIterator;
import org.wildfly.common.iteration.CodePointIterator;
import org.wildfly.security.pem.Pem;
import org.wildfly.security.pem.PemEntry;

/** PEM texts. */
public final class Pems {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----.*?-----END \\1-----", Pattern.DOTALL);

    private Pems() {}

    public static String of(Collection<X509Certificate> certificates) {
        ByteStringBuilder pem = new ByteStringBuilder();
        certificates.forEach(it -> Pem.generatePemX509Certificate(pem, it));
        return text(pem);
    }

    /** In PKCS#8, which every TLS library reads. */
    public static String of(PrivateKey key) {
        ByteStringBuilder pem = new ByteStringBuilder();
        Pem.generatePemContent(pem, "PRIVATE KEY", ByteIterator.ofBytes(key.getEncoded()));
        return text(pem);
    }

    /** The certificates in a text, in their order. Anything else in it is left out, as Go's AppendCertsFromPEM does. */
    public static Set<X509Certificate> certificates(String text) {
        return new LinkedHashSet<>(entries(text, X509Certificate.class));
    }

    static List<PrivateKey> keys(String text) {
        return entries(text, PrivateKey.class);
    }

    private static <T> List<T> entries(String text, Class<T> type) {
        List<T> entries = new ArrayList<>();
        for (MatchResult block : BLOCK.matcher(text).results().toList()) {
            parsed(block.group()).ifPresent(it -> {
                T entry = it.tryCast(type);
                if (entry != null) {
                    entries.add(entry);
                }
            });
        }
        return entries;
    }

    /** Empty if the block is of no type that is known here, or unreadable. */
    private static Optional<PemEntry<?>> parsed(String block) {
        try {
            Iterator<PemEntry<?>> parsed = Pem.parsePemContent(CodePointIterator.ofString(block + "\n"));
            return parsed.hasNext() ? Optional.of(parsed.next()) : Optional.empty();
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static String text(ByteStringBuilder pem) {
        return new String(pem.toArray(), StandardCharsets.US_ASCII);
    }
}
