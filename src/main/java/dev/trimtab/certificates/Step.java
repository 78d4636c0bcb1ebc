package dev.trimtab.certificates;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The next write, or why there is none. */
public sealed interface Step {
    /**
     * Makes a CA with a new key.
     *
     * @param repair why the stored one is unusable; empty if there is none
     */
    record NewAuthority(String repair) implements Step {}

    /** Renews the certificate of the CA, whose key stays. */
    record RenewAuthority(TlsPair authority) implements Step {}

    /** Writes these CAs, and no other, into each entry of the webhook configurations. */
    record Trust(Set<X509Certificate> authorities) implements Step {}

    /** Stores that the API server is told to trust the CA from now on. */
    record MarkTrusted() implements Step {}

    /** Takes the mark away: somebody has taken the CA out of a bundle. */
    record UnmarkTrusted() implements Step {}

    /** @param repair why the stored certificate is unreadable; empty if there is none, and for a renewal */
    record IssueServing(TlsPair authority, String repair) implements Step {}

    record Wait(Instant until) implements Step {}

    record NotOurs(List<String> why) implements Step {}
}
