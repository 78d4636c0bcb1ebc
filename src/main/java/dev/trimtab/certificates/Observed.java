package dev.trimtab.certificates;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The stored objects that decide what comes next.
 *
 * @param strangers why these objects are not Trimtab's to write; empty if they are
 * @param authority the CA and its key
 * @param trustedSince when each bundle was seen to hold the CA; empty if none has been seen so since the CA's key is new
 * @param serving what the pods mount
 * @param servingIssuer the CA beside the serving certificate
 * @param bundles the caBundle of each entry of both webhook configurations
 */
public record Observed(
        List<String> strangers,
        Stored authority,
        Optional<Instant> trustedSince,
        Stored serving,
        Set<X509Certificate> servingIssuer,
        List<Set<X509Certificate>> bundles) {
    /** Content of a Secret. */
    public sealed interface Stored {
        record Absent() implements Stored {}

        record Broken(String why) implements Stored {}

        record Sound(TlsPair pair) implements Stored {}
    }

    boolean isTrustedEverywhere(X509Certificate authority) {
        return bundles.stream().allMatch(it -> it.contains(authority));
    }

    /** All that is trusted by some entry. */
    Set<X509Certificate> trusted() {
        Set<X509Certificate> all = new LinkedHashSet<>();
        bundles.forEach(all::addAll);
        return all;
    }
}
