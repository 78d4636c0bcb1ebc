package dev.trimtab.controller.certificates;

import dev.trimtab.certificates.Issuer;
import dev.trimtab.certificates.Plan;
import dev.trimtab.certificates.Step;
import dev.trimtab.certificates.TlsPair;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.kube.RawClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Does what {@link Plan} says. Keeps no state: each step is computed from what the cluster holds. */
public final class CertificateReconciler {
    /** Four objects are read each time. Watches would need the right to list Secrets. */
    public static final Duration PAUSE = Duration.ofSeconds(10);

    static final String ISSUED = "CertificateIssued";
    static final String REPAIRED = "CertificateRepaired";
    static final String NOT_OWNED = "CertificateNotOwned";
    static final String FAILED = "CertificateFailed";

    private static final Logger LOG = Logger.getLogger(CertificateReconciler.class);

    /** The longest way to a certificate has five writes; each may be in conflict with another leader's. */
    private static final int STEPS = 20;

    private final RawClient objects;
    private final EventRecorder events;
    private final Clock clock;
    private final String namespace;
    private final Plan plan;
    private final Issuer issuer = new Issuer(new SecureRandom());

    public CertificateReconciler(RawClient objects, EventRecorder events, Clock clock, String namespace) {
        this.objects = objects;
        this.events = events;
        this.clock = clock;
        this.namespace = namespace;
        String host = "trimtab-webhook." + namespace + ".svc";
        // The API server uses the first name; people and probes inside the cluster use the second.
        this.plan = new Plan(List.of(host, host + ".cluster.local"));
    }

    /** Takes step after step until it has to wait. After a conflict it reads all anew. */
    public void reconcile() {
        boolean more = true;
        for (int steps = 0; more && steps < STEPS; steps++) {
            StoredCertificates stored;
            try {
                stored = new StoredCertificates(objects, namespace);
            } catch (KubernetesClientException unreadable) {
                fails(ApiProblem.refusal(unreadable, () -> false));
                return;
            }
            try {
                more = take(stored);
            } catch (KubernetesClientException problem) {
                Optional<String> refusal = ApiProblem.refusal(problem, stored::isOutdated);
                fails(refusal);
                more = refusal.isEmpty();
            }
        }
    }

    /** @return whether something was written, so that there may be a next step */
    private boolean take(StoredCertificates stored) {
        Instant now = clock.instant();
        Step step = plan.next(stored.observed(), now);
        if (step instanceof Step.NewAuthority unusable) {
            TlsPair pair = issuer.authority(now);
            stored.storeAuthority(pair, true);
            issued("a CA with a new key", pair, unusable.repair());
        } else if (step instanceof Step.RenewAuthority renew) {
            TlsPair pair = issuer.renewed(renew.authority(), now);
            stored.storeAuthority(pair, false);
            issued("a CA with the same key", pair, "");
        } else if (step instanceof Step.Trust trust) {
            stored.trust(trust.authorities());
            LOG.infof("both webhook configurations trust the CAs %s", serials(trust));
        } else if (step instanceof Step.MarkTrusted) {
            stored.mark(now);
        } else if (step instanceof Step.UnmarkTrusted) {
            stored.unmark();
        } else if (step instanceof Step.IssueServing issue) {
            TlsPair pair = issuer.serving(issue.authority(), plan.names(), now);
            stored.storeServing(pair, issue.authority().certificate());
            issued("a certificate for " + plan.names().get(0), pair, issue.repair());
        } else {
            if (step instanceof Step.NotOurs strangers) {
                warn(NOT_OWNED, "no certificate is issued or renewed: " + String.join("; ", strangers.why()));
            }
            return false;
        }
        return true;
    }

    private void issued(String what, TlsPair pair, String repair) {
        String serial = serial(pair.certificate().getSerialNumber());
        String message = "%s, serial=%s until=%s".formatted(what, serial, pair.ends());
        EventNote note = repair.isEmpty()
                ? new EventNote(false, ISSUED, message, clock.instant(), serial, Map.of())
                : new EventNote(
                        true,
                        REPAIRED,
                        "the stored one was unusable (%s) and is replaced by %s".formatted(repair, message),
                        clock.instant(),
                        serial,
                        Map.of());
        EventRecorder.Result unused = events.record(StoredCertificates.subject(namespace), note);
    }

    private void fails(Optional<String> refusal) {
        refusal.ifPresent(why -> warn(
                FAILED,
                "no certificate is issued or renewed: %s (deploy/components/own-certificates has the rights for this)"
                        .formatted(why)));
    }

    /** Once a day for each message, as long as it is true. */
    private void warn(String reason, String message) {
        Instant today = clock.instant().truncatedTo(ChronoUnit.DAYS);
        EventRecorder.Result unused =
                events.record(StoredCertificates.subject(namespace), EventNote.warning(reason, message, today));
    }

    private static String serials(Step.Trust trust) {
        return trust.authorities().stream()
                .map(it -> "serial=" + serial(it.getSerialNumber()))
                .collect(Collectors.joining(", "));
    }

    private static String serial(BigInteger number) {
        return number.toString(16);
    }
}
