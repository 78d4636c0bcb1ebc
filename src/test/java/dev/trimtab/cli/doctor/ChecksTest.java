package dev.trimtab.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.policy.PolicyState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each check on a cluster on which all is well, and with one thing broken. */
class ChecksTest {
    /** An hour after the certificates were made. */
    private final Instant now = Instant.now().plusSeconds(3600);

    private static final String MUTATING = "MutatingWebhookConfiguration trimtab.dev: ";

    @TempDir
    private static Path folder;

    private static MadeCertificates made;
    private HealthyCluster cluster;

    @BeforeAll
    static void certificates() {
        made = MadeCertificates.in(folder.resolve("a"));
    }

    @BeforeEach
    void healthy() {
        cluster = new HealthyCluster(made.ca(), made.served(), now);
    }

    static Stream<Check> checks() {
        return Check.all().stream();
    }

    @ParameterizedTest
    @MethodSource("checks")
    @DisplayName("all is well: each check says so, and names no problem, and nothing unchecked")
    void fine(Check check) {
        assertThat(check.of(cluster.observed()))
                .allMatch(it -> it.severity() == Severity.FINE)
                .hasSizeGreaterThanOrEqualTo(check instanceof WriteCheck ? 0 : 1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("what cannot be read is never a problem, whatever it is, and never an exception")
    void unread(Source source) {
        cluster.facts.put(source, new Fact.Unknown("no right to look"));
        Observed observed = cluster.observed();
        List<Finding> findings =
                checks().flatMap(it -> it.of(observed).stream()).toList();
        assertThat(findings).noneMatch(it -> it.severity() == Severity.PROBLEM || it.severity() == Severity.WARNING);
        boolean alone = source == Source.WRITE || source == Source.KNATIVE_CONFIG || source == Source.KNATIVE;
        assertThat(findings.stream().filter(it -> it.what().equals("no right to look")))
                .hasSizeGreaterThanOrEqualTo(alone ? 0 : 1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an object that does not exist, or is of another shape, never ends a check with an exception")
    void odd(Source source) {
        for (String odd : List.of("{}", "[]", "7", "{items: 7}", "{items: [7, {metadata: 7, webhooks: 7}]}", "null")) {
            cluster.put(source, odd);
            Observed observed = cluster.observed();
            checks().forEach(it -> assertThat(it.of(observed)).isNotNull());
        }
        cluster.remove(source);
        Observed observed = cluster.observed();
        checks().forEach(it -> assertThat(it.of(observed)).isNotNull());
    }

    @Test
    @DisplayName("webhooks: missing, with a missing entry, and a second copy under another name")
    void webhooks() {
        cluster.put(Source.VALIDATING, "{items: []}");
        ((ArrayNode) cluster.trimtab(Source.MUTATING).path("webhooks")).remove(0);
        ObjectNode copy = cluster.trimtab(Source.MUTATING).deepCopy();
        copy.withObject("/metadata").put("name", "prod-trimtab.dev");
        ((ArrayNode) cluster.value(Source.MUTATING).path("items")).add(copy);

        assertThat(faults(new WebhooksCheck()))
                .containsExactly(
                        "problem " + MUTATING + "has no entry services.trimtab.dev",
                        "problem MutatingWebhookConfiguration prod-trimtab.dev: is a second copy of Trimtab's"
                                + " configuration: each write is reviewed twice, and this copy's name gives it another"
                                + " place in the order",
                        "problem ValidatingWebhookConfiguration trimtab.dev: is missing: the API server does not ask"
                                + " Trimtab");
    }

    @Test
    @DisplayName("order: KServe's after ours, Knative's before ours, a stranger's after ours")
    void order() {
        ArrayNode items = (ArrayNode) cluster.value(Source.MUTATING).path("items");
        rename(items, 0, "zz-inferenceservice.serving.kserve.io");
        rename(items, 1, "z.odh-model-controller.opendatahub.io");
        rename(items, 4, "a-knative");
        items.add(HealthyCluster.json("""
                {"metadata": {"name": "zebra"}, "webhooks": [{"name": "x.zebra.example",
                  "rules": [{"apiGroups": ["*"], "resources": ["*/*"]}]}]}"""));
        items.add(HealthyCluster.json("""
                {"metadata": {"name": "ant"}, "webhooks": [{"name": "x.ant.example",
                  "rules": [{"apiGroups": ["*"], "resources": ["*"]}]}]}"""));

        assertThat(faults(new OrderCheck()))
                .containsExactly(
                        "problem MutatingWebhookConfiguration zz-inferenceservice.serving.kserve.io: comes after"
                                + " Trimtab's: Trimtab does not see KServe's defaults",
                        "problem MutatingWebhookConfiguration z.odh-model-controller.opendatahub.io: comes after"
                                + " Trimtab's: Trimtab does not see KServe's defaults",
                        "problem MutatingWebhookConfiguration a-knative: comes before Trimtab's: Knative's defaults look"
                                + " like values of the author, so Trimtab fills nothing in",
                        "warning MutatingWebhookConfiguration zebra: comes after Trimtab's for the same kinds: what it"
                                + " changes was not reviewed the first time");
    }

    @Test
    @DisplayName("order: a webhook that is asked in no namespace of Trimtab's is none of Trimtab's business")
    void orderElsewhere() {
        ArrayNode items = (ArrayNode) cluster.value(Source.MUTATING).path("items");
        for (String selector : List.of(
                "{matchLabels: {team: nobody}}",
                "{matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [kserve, quiet]}]}",
                "{matchExpressions: [{key: injected, operator: Exists}]}")) {
            items.add(stranger(selector));
        }
        assertThat(faults(new OrderCheck())).isEmpty();

        items.add(stranger("{matchExpressions: [{key: injected, operator: DoesNotExist}]}"));
        assertThat(faults(new OrderCheck())).singleElement().asString().contains("zebra: comes after Trimtab's");
        items.remove(items.size() - 1);
        cluster.facts.put(Source.NAMESPACES, new Fact.Unknown("no right to list namespaces"));
        assertThat(faults(new OrderCheck())).as("not known where it is asked").hasSize(3);
    }

    private static ObjectNode stranger(String namespaceSelector) {
        return (ObjectNode) HealthyCluster.yaml("""
                {metadata: {name: zebra}, webhooks: [{name: x.zebra.example, namespaceSelector: %s,
                  rules: [{apiGroups: ["*"], resources: ["*/*"]}]}]}""".formatted(namespaceSelector));
    }

    @Test
    @DisplayName("order: KServe's and Knative's webhooks leave out a namespace in which Trimtab is asked")
    void leftOut() {
        ArrayNode items = (ArrayNode) cluster.value(Source.MUTATING).path("items");
        ((ObjectNode) items.get(0).at("/webhooks/0"))
                .set("namespaceSelector", HealthyCluster.yaml("{matchLabels: {kserve: enabled}}"));
        ((ObjectNode) items.get(4).at("/webhooks/0"))
                .set(
                        "namespaceSelector",
                        HealthyCluster.yaml("{matchExpressions: [{key: team, operator: NotIn, values: [a]}]}"));
        cluster.put(Source.NAMESPACES, """
                {items: [{metadata: {name: kserve}}, {metadata: {name: quiet, labels: {trimtab.dev/ignore: "true"}}},
                  {metadata: {name: ml, labels: {kserve: enabled, team: a}}}, {metadata: {name: other, labels: {team: b}}}]}""");

        assertThat(faults(new OrderCheck()))
                .containsExactly(
                        "warning MutatingWebhookConfiguration inferenceservice.serving.kserve.io: leaves out other by its"
                                + " namespaceSelector, where Trimtab reviews: Trimtab does not see KServe's defaults there",
                        "warning MutatingWebhookConfiguration webhook.serving.knative.dev: leaves out ml by its"
                                + " namespaceSelector, where Trimtab reviews: Knative writes no defaults there");
    }

    private static void rename(ArrayNode items, int index, String name) {
        ((ObjectNode) items.get(index)).withObject("/metadata").put("name", name);
    }

    @Test
    @DisplayName("entries: each field that differs from the shipped one is named, with both values")
    void entries() {
        cluster.entry(Source.MUTATING, "services.trimtab.dev", it -> {
            it.put("timeoutSeconds", 10).put("reinvocationPolicy", "Never").put("sideEffects", "NoneOnDryRun");
            it.put("failurePolicy", "Fail");
            ((ArrayNode) it.at("/rules/0/operations")).remove(1);
        });
        cluster.entry(Source.MUTATING, "inferenceservices.trimtab.dev", it -> {
            it.remove("objectSelector");
            it.withObject("/clientConfig")
                    .put("url", "https://localhost:1/mutate")
                    .remove("service");
        });
        cluster.entry(Source.VALIDATING, "policy.trimtab.dev", it -> it.withArray("/matchConditions")
                .addObject()
                .put("name", "x")
                .put("expression", "true"));

        assertThat(faults(new EntriesCheck()))
                .containsExactly(
                        "warning " + MUTATING + "services.trimtab.dev: timeoutSeconds is 10, not 3",
                        "warning " + MUTATING + "services.trimtab.dev: reinvocationPolicy is Never, not IfNeeded",
                        "warning " + MUTATING + "services.trimtab.dev: sideEffects is NoneOnDryRun, not None",
                        "warning " + MUTATING
                                + "services.trimtab.dev: rules are [CREATE serving.knative.dev/v1 services],"
                                + " not [CREATE,UPDATE serving.knative.dev/v1 services]",
                        "warning " + MUTATING + "inferenceservices.trimtab.dev: objectSelector is not the shipped one",
                        "warning " + MUTATING + "inferenceservices.trimtab.dev: the API server calls"
                                + " https://localhost:1/mutate, not Service trimtab/trimtab-webhook, port 443, path /mutate",
                        "warning ValidatingWebhookConfiguration trimtab.dev: policy.trimtab.dev: matchConditions are not the"
                                + " shipped ones");
        assertThat(new EntriesCheck().of(cluster.observed()))
                .as("an admin may choose Fail")
                .contains(Finding.fine(
                        "MutatingWebhookConfiguration trimtab.dev",
                        "services.trimtab.dev: failurePolicy is Fail: without Trimtab these writes are refused"
                                + " (components/fail-closed)"));
    }

    @Test
    @DisplayName("closed door: open, with other conditions, not last")
    void closedDoor() {
        cluster.entry(Source.MUTATING, "recorded.trimtab.dev", it -> it.put("failurePolicy", "Ignore"));
        cluster.entry(Source.MUTATING, "recorded-ignored.trimtab.dev", it -> ((ArrayNode) it.path("matchConditions"))
                .remove(3));
        ArrayNode entries = (ArrayNode) cluster.trimtab(Source.MUTATING).path("webhooks");
        entries.insert(0, entries.remove(entries.size() - 1));

        assertThat(faults(new ClosedDoorCheck()))
                .containsExactly(
                        "warning " + MUTATING
                                + "recorded.trimtab.dev: the closed door is open (failurePolicy Ignore): while"
                                + " Trimtab does not answer, KServe's next reconcile stores its own template: each filled"
                                + " service gets a new revision and new GPU pods",
                        "warning " + MUTATING
                                + "recorded-ignored.trimtab.dev: matchConditions are not the shipped ones:"
                                + " writes may be refused that should pass, or pass that should be refused",
                        "warning " + MUTATING
                                + "the entries of the closed door are not the last ones: KServe's writes are"
                                + " reviewed twice");
        assertThat(faults(new EntriesCheck())).as("said once").isEmpty();
    }

    @Test
    @DisplayName("namespaces: KServe is elsewhere, a namespace of models is left out, a selector has other terms")
    void namespaces() {
        cluster.put(Source.KSERVE, "{items: [{metadata: {name: kserve-controller-manager, namespace: opendatahub}}]}");
        assertThat(faults(new NamespacesCheck()))
                .hasSize(shipped() - 1 + 2)
                .contains(
                        "warning " + MUTATING
                                + "services.trimtab.dev: does not leave out opendatahub, which the platform" + " uses",
                        "problem Deployment trimtab/trimtab: TRIMTAB_KSERVE_NAMESPACE is kserve, but KServe is in"
                                + " opendatahub: Trimtab does not read its configuration")
                .noneMatch(it -> it.contains("policy.trimtab.dev"));
        healthy();
        cluster.entry(Source.MUTATING, "services.trimtab.dev", it -> ((ArrayNode)
                        it.at("/namespaceSelector/matchExpressions/1/values"))
                .add("ml")
                .add("not-there"));
        cluster.entry(Source.MUTATING, "deployments.trimtab.dev", it -> it.remove("namespaceSelector"));
        assertThat(faults(new NamespacesCheck()))
                .containsExactly(
                        "warning " + MUTATING
                                + "services.trimtab.dev: leaves out ml by name: no service is filled there",
                        "warning " + MUTATING + "deployments.trimtab.dev: namespaceSelector has the terms [], not"
                                + " [kubernetes.io/metadata.name NotIn, trimtab.dev/ignore NotIn [\"true\"]]");
        assertThat(new NamespacesCheck().of(cluster.observed()))
                .contains(Finding.fine("namespaces", "switched off by the label trimtab.dev/ignore: quiet"));
    }

    /** How many entries name the platform's namespaces. */
    private static int shipped() {
        Shipped shipped = Shipped.ofJar();
        return (int) Stream.concat(
                                shipped.entries(Source.MUTATING).stream(), shipped.entries(Source.VALIDATING).stream())
                        .filter(it -> it.path("namespaceSelector").toString().contains("kube-system"))
                        .count()
                + 1;
    }

    @Test
    @DisplayName("certificate: no bundle, another CA, another name, ended, ends soon, no Secret")
    void certificate() {
        MadeCertificates other = MadeCertificates.in(folder.resolve("b"), "--namespace", "elsewhere");
        cluster.put(Source.SECRET, "{data: {tls.crt: '%s'}}".formatted(other.served()));
        assertThat(faults(new CertificateCheck()))
                .containsExactly(
                        "problem Secret trimtab/trimtab-webhook-tls: a caBundle did not sign it: the API server does not"
                                + " trust the answers",
                        "problem Secret trimtab/trimtab-webhook-tls: names [trimtab-webhook.elsewhere.svc,"
                                + " trimtab-webhook.elsewhere.svc.cluster.local, localhost], and not"
                                + " trimtab-webhook.trimtab.svc, which the API server calls");
        cluster.put(Source.SECRET, "{data: {tls.crt: bm90aGluZw==}}");
        assertThat(faults(new CertificateCheck()))
                .containsExactly(
                        "problem Secret trimtab/trimtab-webhook-tls: has no certificate in tls.crt: the pods cannot"
                                + " answer");
        cluster.remove(Source.SECRET);
        assertThat(faults(new CertificateCheck()))
                .containsExactly("problem Secret trimtab/trimtab-webhook-tls: does not exist: the pods cannot answer");

        healthy();
        cluster.entry(Source.MUTATING, "services.trimtab.dev", it -> it.withObject("/clientConfig")
                .remove("caBundle"));
        cluster.entry(Source.MUTATING, "podautoscalers.trimtab.dev", it -> it.withObject("/clientConfig")
                .put("caBundle", "bm90aGluZw=="));
        assertThat(faults(new CertificateCheck()))
                .containsExactly("problem " + MUTATING + "has no caBundle that can be read in services.trimtab.dev,"
                        + " podautoscalers.trimtab.dev: the API server trusts no answer");
    }

    @Test
    @DisplayName("certificate: how long it is valid is measured by the cluster's day, and who renews it is said")
    void validity() {
        assertThat(new CertificateCheck().of(cluster.observed()))
                .containsExactly(Finding.fine(
                        "Secret trimtab/trimtab-webhook-tls",
                        "the caBundle signed it, it names the Service, and it is valid for 364 more days; cert-manager renews"
                                + " it"));
        cluster = new HealthyCluster(made.ca(), made.served(), now.plus(Duration.ofDays(340)));
        cluster.trimtab(Source.MUTATING).withObject("/metadata").remove("annotations");
        assertThat(faults(new CertificateCheck()))
                .singleElement()
                .asString()
                .matches("warning Secret .*: ends on .*Z, and nobody but you renews it");
        cluster = new HealthyCluster(made.ca(), made.served(), now.plus(Duration.ofDays(366)));
        assertThat(faults(new CertificateCheck()))
                .singleElement()
                .asString()
                .matches("problem Secret .*: ended on .*Z");
        cluster = new HealthyCluster(made.ca(), made.served(), now.plus(Duration.ofDays(3651)));
        assertThat(faults(new CertificateCheck()))
                .first()
                .asString()
                .matches("problem caBundle: ended on .*: the API server trusts no answer");
    }

    @Test
    @DisplayName("certificate: cert-manager's Certificate is not Ready, or has ended, or nothing is known of it")
    void certManager() {
        String certificate = """
                {items: [{metadata: {name: trimtab-webhook}, status: {notAfter: '%s', conditions: [
                  {type: Issuing, status: 'True'}, {type: Ready, status: '%s', reason: DoesNotExist, message: no issuer}]}}]}""";
        cluster.put(Source.CERTIFICATES, certificate.formatted(now.plusSeconds(1), "False"));
        assertThat(faults(new CertificateCheck()))
                .containsExactly(
                        "warning Certificate trimtab/trimtab-webhook: is not Ready, so cert-manager does not renew it:"
                                + " DoesNotExist: no issuer");
        cluster.put(Source.CERTIFICATES, certificate.formatted(now.minusSeconds(1), "False"));
        assertThat(faults(new CertificateCheck()))
                .singleElement()
                .asString()
                .matches(
                        "problem Certificate trimtab/trimtab-webhook: ended on .*Z, and cert-manager has not renewed it");
        cluster.put(Source.CERTIFICATES, "{items: [{metadata: {name: trimtab-ca}}]}");
        assertThat(new CertificateCheck().of(cluster.observed()))
                .contains(Finding.unchecked(
                        "Certificate trimtab/trimtab-ca", "cert-manager has not said yet whether it is Ready"));
        cluster.remove(Source.CERTIFICATES);
        assertThat(new CertificateCheck().of(cluster.observed()))
                .contains(Finding.unchecked(
                        "Certificates of namespace trimtab", "there is none: cert-manager renews nothing here"));

        cluster.trimtab(Source.MUTATING).withObject("/metadata").remove("annotations");
        assertThat(new CertificateCheck().of(cluster.observed()))
                .as("somebody else renews it")
                .noneMatch(it -> it.where().contains("Certificate"));
    }

    @Test
    @DisplayName("replicas: none, one, a rollout that stands still, two images, no Deployment")
    void replicas() {
        cluster.put(Source.ENDPOINTS, "{items: [{endpoints: [{addresses: [10.0.0.1], conditions: {ready: false}}]}]}");
        assertThat(faults(new ReplicasCheck()))
                .containsExactly(
                        "problem Service trimtab/trimtab-webhook: has no ready replica: new objects pass unfilled,"
                                + " and with the closed door KServe's updates of filled services are refused");
        cluster.put(Source.ENDPOINTS, """
                {items: [{endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]},
                  {endpoints: [{addresses: [10.0.0.1]}]}]}""");
        ((ObjectNode) cluster.value(Source.WEBHOOK)).withObject("/status").put("updatedReplicas", 1);
        ((ObjectNode) cluster.value(Source.PODS).at("/items/1/spec/containers/0")).put("image", "trimtab:2");
        assertThat(faults(new ReplicasCheck()))
                .containsExactly(
                        "warning Service trimtab/trimtab-webhook: has one ready replica: while it restarts, objects pass"
                                + " unfilled, and the closed door refuses KServe's updates of filled services",
                        "warning Deployment trimtab/trimtab: 1 of 2 replicas have its present template",
                        "warning pods of namespace trimtab: run several images: ghcr.io/trimtab/trimtab:0.1.0, trimtab:2:"
                                + " replicas of different versions may answer differently");
        healthy();
        cluster.remove(Source.WEBHOOK);
        assertThat(faults(new ReplicasCheck())).containsExactly("problem Deployment trimtab/trimtab: does not exist");
    }

    @Test
    @DisplayName("controller: nobody leads, the leader is gone, not installed")
    void controller() {
        cluster.put(Source.LEASE, "{spec: {holderIdentity: '', renewTime: '%s'}}".formatted(now));
        String nobody =
                "problem Lease trimtab/trimtab-controller: nobody holds it: stopped services are not released, and"
                        + " nothing is reported in Events";
        assertThat(faults(new ControllerCheck())).containsExactly(nobody);
        cluster.remove(Source.LEASE);
        assertThat(faults(new ControllerCheck())).containsExactly(nobody);
        cluster.put(
                Source.LEASE,
                "{spec: {holderIdentity: a, leaseDurationSeconds: 15, renewTime: '%s'}}"
                        .formatted(now.minusSeconds(90)));
        assertThat(faults(new ControllerCheck()))
                .containsExactly(
                        "problem Lease trimtab/trimtab-controller: a holds it, and has not renewed it for 90 s");
        cluster.remove(Source.CONTROLLER);
        assertThat(new ControllerCheck().of(cluster.observed()))
                .containsExactly(Finding.fine(
                        "Deployment trimtab/trimtab-controller", "is not installed: KServe alone stops services"));
    }

    @Test
    @DisplayName("policy: invalid; a replica that has another one, that waits, that cannot be asked")
    void policy() {
        cluster.put(Source.POLICY, "{data: {policy.yaml: 'mode: Sometimes'}}");
        ((ObjectNode) cluster.value(Source.HEALTH).at("/trimtab-b/checks/0/data")).put("waits for", "Revisions");
        ((ObjectNode) cluster.value(Source.HEALTH))
                .putObject("trimtab-controller-a")
                .put("unread", "gone");
        assertThat(faults(new PolicyCheck())).hasSize(3).satisfies(it -> {
            assertThat(it.get(0))
                    .startsWith("problem ConfigMap trimtab/trimtab-policy: is invalid, so nothing new is filled: ")
                    .contains("mode: ");
            assertThat(it.get(1))
                    .isEqualTo("problem Pod trimtab/trimtab-a: its policy is loaded, and the ConfigMap's is invalid");
            assertThat(it.get(2)).isEqualTo("problem Pod trimtab/trimtab-b: still waits for Revisions");
        });
        assertThat(new PolicyCheck().of(cluster.observed()))
                .contains(Finding.unchecked("Pod trimtab/trimtab-controller-a", "gone"));
        cluster.remove(Source.POLICY);
        assertThat(faults(new PolicyCheck()))
                .contains("problem Pod trimtab/trimtab-a: its policy is loaded, and the ConfigMap's is built-in");
        String valid = "{apiVersion: trimtab.dev/v1alpha1, kind: Policy, mode: Audit}";
        cluster.put(Source.POLICY, "{data: {policy.yaml: '%s'}}".formatted(valid));
        ((ObjectNode) cluster.value(Source.HEALTH).at("/trimtab-a/checks/0/data")).put("policy hash", "0123");
        assertThat(faults(new PolicyCheck()))
                .contains("problem Pod trimtab/trimtab-a: its policy is not the ConfigMap's: it has hash 0123, not "
                        + PolicyState.of(Optional.of(Map.of("policy.yaml", valid)))
                                .hash());
    }

    @Test
    @DisplayName("versions: too old, newer than CI's, not to be told, not installed")
    void versions() {
        cluster.put(Source.VERSION, "{gitVersion: v1.29.4}");
        cluster.put(Source.KSERVE, """
                {items: [{metadata: {name: kserve-controller-manager, labels: {app.kubernetes.io/version: v0.99.0}}}]}""");
        cluster.put(Source.KNATIVE_CONFIG, "{metadata: {labels: {app.kubernetes.io/version: devel}}}");
        cluster.put(Source.CERT_MANAGER, "{items: []}");
        assertThat(faults(new VersionsCheck()))
                .containsExactly(
                        "problem Kubernetes: is v1.29.4, and Trimtab needs 1.30",
                        "warning KServe: is v0.99.0, newer than what CI runs; CI runs 0.14.1, 0.15.2, 0.17.0, 0.20.0");
        assertThat(new VersionsCheck().of(cluster.observed()))
                .hasSize(3)
                .contains(Finding.unchecked("Knative Serving", "no label or image names its version; CI runs 1.23"));
    }

    @Test
    @DisplayName("permissions: what an account lacks, by Role")
    void permissions() {
        cluster.put(Source.LACKING, """
                [{account: trimtab, namespace: knative-serving, role: Role trimtab, right: get configmaps/config-defaults},
                 {account: trimtab, namespace: knative-serving, role: Role trimtab, right: list configmaps/config-defaults},
                 {account: trimtab-controller, namespace: "", role: ClusterRole trimtab-controller, right: delete pods}]""");
        assertThat(faults(new PermissionsCheck()))
                .containsExactly(
                        "problem ServiceAccount trimtab/trimtab: may not get configmaps/config-defaults, list"
                                + " configmaps/config-defaults: Role trimtab in namespace knative-serving",
                        "problem ServiceAccount trimtab/trimtab-controller: may not delete pods: ClusterRole"
                                + " trimtab-controller");
    }

    @Test
    @DisplayName("model formats without a runtime, with the closest word")
    void formats() {
        cluster.put(
                Source.SCAN,
                "{formats: [{profile: fleet, format: vlm, closest: vLLM}, {profile: own, format: mine, closest: ''}]}");
        assertThat(faults(new FormatsCheck()))
                .containsExactly(
                        "warning profile fleet: is for the model format vlm, and no ServingRuntime has that",
                        "warning profile own: is for the model format mine, and no ServingRuntime has that");
        assertThat(new FormatsCheck().of(cluster.observed()).get(0).advice())
                .isEqualTo("write vLLM, if you mean that (docs/policy.md)");
    }

    @Test
    @DisplayName("services that passed unfilled, and that have what Knative now refuses")
    void services() {
        cluster.put(Source.SCAN, "{objects: 9, illegal: 1, unfilled: 2, differing: 3, formats: []}");
        assertThat(faults(new ServicesCheck()))
                .containsExactly(
                        "warning services: 1 object has a value that Knative now refuses",
                        "warning services: 2 objects lack values that the policy gives to new ones");
    }

    @Test
    @DisplayName("write: filled, unfilled, refused by a webhook that is named, refused by RBAC, and Audit")
    void write() {
        cluster.put(Source.WRITE, "{object: Service in namespace ml, filled: true, millis: 12}");
        assertThat(new WriteCheck().of(cluster.observed()))
                .containsExactly(
                        Finding.fine("dry-run create of Service in namespace ml", "Trimtab filled it, in 12 ms"));
        String where = "problem dry-run create of Service in namespace ml: ";
        cluster.put(Source.WRITE, "{object: Service in namespace ml, filled: false, millis: 12}");
        assertThat(faults(new WriteCheck()))
                .containsExactly(
                        where + "passed unfilled, in 12 ms: the API server did not ask Trimtab, got no answer, or the"
                                + " namespace is left out");
        cluster.put(
                Source.WRITE,
                "{object: Service in namespace ml, refused: 'failed calling webhook \"x.example\": EOF'}");
        assertThat(faults(new WriteCheck()))
                .containsExactly(where + "webhook x.example refused it: failed calling webhook \"x.example\": EOF");
        cluster.put(Source.WRITE, "{object: Service in namespace ml, refused: services is forbidden}");
        assertThat(faults(new WriteCheck())).containsExactly(where + "was refused: services is forbidden");
        cluster.put(
                Source.POLICY,
                "{data: {policy.yaml: \"apiVersion: trimtab.dev/v1alpha1\\nkind: Policy\\nmode: Audit\\n\"}}");
        cluster.put(Source.WRITE, "{object: Service in namespace ml, filled: false, millis: 12}");
        assertThat(faults(new WriteCheck())).isEmpty();
    }

    private List<String> faults(Check check) {
        return check.of(cluster.observed()).stream()
                .filter(it -> it.severity() == Severity.PROBLEM || it.severity() == Severity.WARNING)
                .map(it -> "%s %s: %s".formatted(it.severity().term(), it.where(), it.what()))
                .toList();
    }
}
