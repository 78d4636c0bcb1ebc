package dev.trimtab.api.cluster;

import dev.trimtab.api.fakes.FakeKserveDefaulter;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.function.Consumer;

/**
 * The webhook configurations on the API server. Trimtab's are those of {@code deploy/webhook}, of which only the address
 * is changed: the processes here are no pods behind a Service.
 */
final class Webhooks {
    static final String TRIMTAB = "trimtab.dev";
    private static final String KSERVE = "inferenceservice.serving.kserve.io";

    private final KubernetesClient admin;
    private final String caBundle;

    Webhooks(KubernetesClient admin, String caBundle) {
        this.admin = admin;
        this.caBundle = caBundle;
    }

    /** @param mutate where Trimtab answers, up to and with {@code /mutate} */
    void registerTrimtab(String mutate) {
        registerTrimtab(it -> {
            String path = it.getService().getPath();
            address(it, mutate.replace("/mutate", path));
        });
    }

    /** @param address says where each entry is, and whose certificate is trusted; by itself it is the shipped Service */
    void registerTrimtab(Consumer<WebhookClientConfig> address) {
        MutatingWebhookConfiguration mutating =
                shipped("60-mutatingwebhookconfiguration.yaml", MutatingWebhookConfiguration.class);
        mutating.getWebhooks().forEach(it -> address.accept(it.getClientConfig()));
        admin.resource(mutating).createOr(it -> it.update());
    }

    void registerPolicyCheck(String validate) {
        ValidatingWebhookConfiguration validating =
                shipped("70-validatingwebhookconfiguration.yaml", ValidatingWebhookConfiguration.class);
        validating.getWebhooks().forEach(it -> address(it.getClientConfig(), validate));
        admin.resource(validating).createOr(it -> it.update());
    }

    /** {@code config/webhook/manifests.yaml} of KServe 0.20: its name comes before {@link #TRIMTAB}. */
    void registerKserve(FakeKserveDefaulter kserve) {
        admin.resource("""
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingWebhookConfiguration
                metadata: {name: %s}
                webhooks:
                  - name: inferenceservice.kserve-webhook-server.defaulter
                    admissionReviewVersions: [v1]
                    clientConfig: {url: "%s", caBundle: %s}
                    rules:
                      - apiGroups: [serving.kserve.io]
                        apiVersions: [v1beta1]
                        resources: [inferenceservices]
                        operations: [CREATE, UPDATE]
                    failurePolicy: Fail
                    sideEffects: None
                """.formatted(KSERVE, kserve.url(), caBundle)).createOr(it -> it.update());
    }

    void removeKserve() {
        remove(KSERVE);
    }

    void removeTrimtab() {
        remove(TRIMTAB);
    }

    private void remove(String name) {
        var unused = admin.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(name)
                .delete();
    }

    void removePolicyCheck() {
        var unused = admin.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(TRIMTAB)
                .delete();
    }

    private void address(WebhookClientConfig config, String url) {
        config.setService(null);
        config.setUrl(url);
        config.setCaBundle(caBundle);
    }

    private <T> T shipped(String file, Class<T> type) {
        try (InputStream yaml = Files.newInputStream(ClusterContents.DEPLOY.resolve(file))) {
            return admin.getKubernetesSerialization().unmarshal(yaml, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
