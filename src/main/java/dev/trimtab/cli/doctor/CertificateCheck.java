package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.trimtab.lifecycle.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the API server trusts the certificate that Trimtab serves, for how long, and who renews it. */
final class CertificateCheck implements Check {
    private static final String PAGE = "certs/README.md has every way to renew it";

    /** Who renews the certificate, and what to look at if it is not renewed. */
    private enum Renewal {
        CERT_MANAGER("cert-manager", "kubectl -n {trimtab} describe certificate trimtab-webhook"),
        OPENSHIFT("OpenShift's service CA", "oc -n openshift-service-ca get pods"),
        TRIMTAB("Trimtab's controller", "kubectl -n {trimtab} logs deployment/trimtab-controller"),
        BY_HAND("nobody but you", "certs/dev-ca.sh --renew --install");

        private final String who;
        private final String command;

        Renewal(String who, String command) {
            this.who = who;
            this.command = command;
        }

        String command(Places places) {
            return command.replace("{trimtab}", places.trimtab());
        }

        static Renewal of(Observed cluster) {
            JsonNode annotations = cluster.configuration(Source.MUTATING).at("/metadata/annotations");
            if (annotations.has("cert-manager.io/inject-ca-from")
                    || annotations.has("cert-manager.io/inject-ca-from-secret")) {
                return CERT_MANAGER;
            }
            if (annotations.has("service.beta.openshift.io/inject-cabundle")) {
                return OPENSHIFT;
            }
            return NamespacesCheck.variable(cluster.value(Source.CONTROLLER), "TRIMTAB_CERTIFICATES")
                            .filter("own"::equals)
                            .isPresent()
                    ? TRIMTAB
                    : BY_HAND;
        }
    }

    @Override
    public String name() {
        return "certificate";
    }

    @Override
    public String about() {
        return "every entry has a `caBundle`; it signed what the Secret holds; the certificate names the Service and is"
                + " valid for some time; who renews it, and whether cert-manager's Certificates are Ready";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        Optional<String> unread = cluster.unread(Source.MUTATING, Source.VALIDATING);
        if (unread.isPresent()) {
            return List.of(Finding.unchecked("caBundle", unread.get()));
        }
        List<Finding> findings = new ArrayList<>();
        Set<String> bundles = new LinkedHashSet<>();
        for (Source kind : List.of(Source.MUTATING, Source.VALIDATING)) {
            bundles(cluster, kind, bundles, findings);
        }
        List<Certificates> trusted = bundles.stream()
                .map(Certificates::parse)
                .flatMap(Optional::stream)
                .toList();
        Renewal renewal = Renewal.of(cluster);
        trusted.stream()
                .filter(it -> it.lastEnd().isBefore(cluster.at()))
                .forEach(it -> findings.add(Finding.problem(
                        "caBundle", "ended on %s: the API server trusts no answer".formatted(it.lastEnd()), PAGE)));
        served(cluster, trusted, renewal, findings);
        if (renewal == Renewal.CERT_MANAGER) {
            certManager(cluster, findings);
        }
        return findings;
    }

    /** A Certificate that is not Ready is not renewed, and what it has made may still be valid for months. */
    private static void certManager(Observed cluster, List<Finding> findings) {
        String namespace = cluster.places().trimtab();
        Optional<String> unread = cluster.unread(Source.CERTIFICATES);
        List<JsonNode> certificates = cluster.items(Source.CERTIFICATES);
        if (unread.isPresent() || certificates.isEmpty()) {
            findings.add(Finding.unchecked(
                    "Certificates of namespace " + namespace,
                    unread.orElse("there is none: cert-manager renews nothing here")));
        }
        for (JsonNode certificate : certificates) {
            String where = "Certificate %s/%s".formatted(namespace, Observed.name(certificate));
            String look = "kubectl -n %s describe certificate %s".formatted(namespace, Observed.name(certificate));
            JsonNode ready = Observed.stream(certificate.at("/status/conditions"))
                    .filter(it -> it.path("type").asText().equals("Ready"))
                    .findFirst()
                    .orElse(MissingNode.getInstance());
            Optional<Instant> end = Times.read(certificate.at("/status/notAfter"));
            if (end.filter(it -> it.isBefore(cluster.at())).isPresent()) {
                findings.add(Finding.problem(
                        where, "ended on %s, and cert-manager has not renewed it".formatted(end.get()), look));
            } else if (ready.isMissingNode()) {
                findings.add(Finding.unchecked(where, "cert-manager has not said yet whether it is Ready"));
            } else if (!ready.path("status").asText().equals("True")) {
                findings.add(Finding.warning(
                        where,
                        "is not Ready, so cert-manager does not renew it: %s: %s"
                                .formatted(
                                        ready.path("reason").asText(),
                                        ready.path("message").asText()),
                        look));
            }
        }
    }

    /** Adds the bundles of a configuration, and what is wrong with them. */
    private static void bundles(Observed cluster, Source kind, Set<String> bundles, List<Finding> findings) {
        List<String> without = new ArrayList<>();
        for (JsonNode entry : cluster.configuration(kind).path("webhooks")) {
            String bundle = entry.at("/clientConfig/caBundle").asText("");
            if (Certificates.parse(bundle).isEmpty()) {
                without.add(entry.path("name").asText());
            } else {
                bundles.add(bundle);
            }
        }
        if (!without.isEmpty()) {
            findings.add(Finding.problem(
                    Shipped.kindName(kind) + " " + Observed.CONFIGURATION,
                    "has no caBundle that can be read in %s: the API server trusts no answer"
                            .formatted(String.join(", ", without)),
                    PAGE));
        }
    }

    private static void served(Observed cluster, List<Certificates> trusted, Renewal renewal, List<Finding> findings) {
        String where = "Secret %s/%s".formatted(cluster.places().trimtab(), secret(cluster.value(Source.WEBHOOK)));
        if (cluster.unread(Source.SECRET).isPresent()) {
            findings.add(Finding.unchecked(where, cluster.unread(Source.SECRET).get()));
            return;
        }
        Optional<Certificates> served = Certificates.parse(
                cluster.value(Source.SECRET).at("/data/tls.crt").asText(""));
        if (served.isEmpty()) {
            String why = cluster.exists(Source.SECRET) ? "has no certificate in tls.crt" : "does not exist";
            findings.add(Finding.problem(where, why + ": the pods cannot answer", PAGE));
            return;
        }
        int before = findings.size();
        judge(cluster, served.get(), trusted, where, renewal, findings);
        if (findings.size() == before) {
            long days = Duration.between(cluster.at(), served.get().end()).toDays();
            findings.add(Finding.fine(
                    where,
                    "the caBundle signed it, it names the Service, and it is valid for %d more days; %s renews it"
                            .formatted(days, renewal.who)));
        }
    }

    private static void judge(
            Observed cluster,
            Certificates served,
            List<Certificates> trusted,
            String where,
            Renewal renewal,
            List<Finding> findings) {
        if (trusted.stream().anyMatch(it -> !served.isSignedBy(it))) {
            findings.add(Finding.problem(
                    where, "a caBundle did not sign it: the API server does not trust the answers", PAGE));
        }
        String name = "%s.%s.svc".formatted(Source.SERVICE, cluster.places().trimtab());
        if (!served.dnsNames().contains(name)) {
            findings.add(Finding.problem(
                    where,
                    "names %s, and not %s, which the API server calls".formatted(served.dnsNames(), name),
                    PAGE));
        }
        if (served.end().isBefore(cluster.at())) {
            findings.add(Finding.problem(where, "ended on " + served.end(), renewal.command(cluster.places())));
        } else if (served.endsSoon(cluster.at())) {
            findings.add(Finding.warning(
                    where,
                    "ends on %s, and %s renews it".formatted(served.end(), renewal.who),
                    renewal.command(cluster.places())));
        }
    }

    /** Name of the Secret that the webhook mounts. */
    static String secret(JsonNode deployment) {
        return Observed.stream(deployment.at("/spec/template/spec/volumes"))
                .map(it -> it.at("/secret/secretName").asText(""))
                .filter(it -> !it.isEmpty())
                .findFirst()
                .orElse("trimtab-webhook-tls");
    }
}
