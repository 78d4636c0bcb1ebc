package dev.trimtab.api.cluster;

import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;

/** A ServiceAccount with a token, as the kubelet would mount it. */
public enum Account {
    /** May do what deploy/ gives to the webhook. */
    TRIMTAB("trimtab", "trimtab"),
    /** May do what deploy/ gives to the controller. */
    CONTROLLER("trimtab", "trimtab-controller"),
    /** May do everything. */
    KSERVE("kserve", "kserve-controller-manager"),
    /** May do nothing. */
    NOBODY("default", "nobody");

    private final String namespace;
    private final String account;

    Account(String namespace, String account) {
        this.namespace = namespace;
        this.account = account;
    }

    /** @return the name by which the API server knows it */
    String user() {
        return "system:serviceaccount:%s:%s".formatted(namespace, account);
    }

    /** The accounts that no manifest of deploy/ brings. */
    static void install(KubernetesClient admin) {
        for (Account it : new Account[] {KSERVE, NOBODY}) {
            admin.resource(new ServiceAccountBuilder()
                            .withNewMetadata()
                            .withName(it.account)
                            .withNamespace(it.namespace)
                            .endMetadata()
                            .build())
                    .serverSideApply();
        }
        admin.resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(KSERVE.account)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "cluster-admin")
                        .addNewSubject("", "ServiceAccount", KSERVE.account, KSERVE.namespace)
                        .build())
                .serverSideApply();
    }

    public String token(KubernetesClient admin) {
        return admin.serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(7200L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    public KubernetesClient client(KubernetesClient admin, Interceptor... interceptors) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(admin.getMasterUrl().toString())
                .withTrustCerts(true)
                .withOauthToken(token(admin))
                .withRequestRetryBackoffLimit(0)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(http -> {
                    for (Interceptor interceptor : interceptors) {
                        http.addOrReplaceInterceptor(interceptor.getClass().getName(), interceptor);
                    }
                })
                .build();
    }
}
