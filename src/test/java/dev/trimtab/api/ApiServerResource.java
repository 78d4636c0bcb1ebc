package dev.trimtab.api;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Starts one API server for all test classes that name this resource, installs what a cluster with KServe, Knative and
 * Trimtab has, and points Trimtab at it, as its own ServiceAccount: the webhook's, or the controller's.
 */
public final class ApiServerResource implements QuarkusTestResourceLifecycleManager {
    /** The setting that names the folder with the kubeconfig and the certificates. */
    static final String FOLDER = "api-test.folder";

    static final String TRIMTAB_TOKEN = "trimtab";
    static final String CONTROLLER_TOKEN = "trimtab-controller";
    static final String KSERVE_TOKEN = "kserve";

    /** Tokens stand for what the kubelet would mount: name, uid, groups. */
    private static final String TOKENS = """
            %s,system:serviceaccount:trimtab:trimtab,1,"system:serviceaccounts,system:serviceaccounts:trimtab"
            %s,system:serviceaccount:trimtab:trimtab-controller,4,"system:serviceaccounts,system:serviceaccounts:trimtab"
            nobody,somebody,3
            %s,system:serviceaccount:kserve:kserve-controller-manager,2,"system:serviceaccounts,system:masters"
            """.formatted(TRIMTAB_TOKEN, CONTROLLER_TOKEN, KSERVE_TOKEN);

    private String controller = "false";
    private RestartableApiServer server;
    private Path folder;

    @Override
    public void init(Map<String, String> arguments) {
        controller = arguments.getOrDefault("controller", "false");
    }

    @Override
    public Map<String, String> start() {
        if (Installation.missing().isPresent()) {
            return Map.of();
        }
        try {
            folder = Files.createTempDirectory("trimtab-api");
            return startServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> startServer() throws IOException {
        server = new RestartableApiServer(Files.writeString(folder.resolve("tokens.csv"), TOKENS));
        server.start();
        String kubeconfig = server.getKubeConfigYaml();
        Files.writeString(folder.resolve("kubeconfig"), kubeconfig);
        Config config = Config.fromKubeconfig(kubeconfig);
        try (KubernetesClient admin =
                new KubernetesClientBuilder().withConfig(config).build()) {
            ClusterContents.install(admin);
        }
        Certificates certificates = Certificates.make(folder);

        Map<String, String> settings = new HashMap<>();
        settings.put(FOLDER, folder.toString());
        settings.put("quarkus.kubernetes-client.api-server-url", config.getMasterUrl());
        settings.put("quarkus.kubernetes-client.trust-certs", "true");
        settings.put(
                "quarkus.kubernetes-client.token", Boolean.parseBoolean(controller) ? CONTROLLER_TOKEN : TRIMTAB_TOKEN);
        settings.put("trimtab.cluster", "auto");
        // Tests of it start their own.
        settings.put("trimtab.controller.enabled", controller);
        settings.put("trimtab.namespace", "trimtab");
        settings.put("trimtab.tls.certificate", certificates.certificate().toString());
        settings.put("trimtab.tls.key", certificates.key().toString());
        settings.put("quarkus.tls.webhook.reload-period", "1s");
        return settings;
    }

    /** A client with one of the tokens. */
    static KubernetesClient client(Config admin, String token, Interceptor... interceptors) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(admin.getMasterUrl())
                .withTrustCerts(true)
                .withOauthToken(token)
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

    @Override
    public void stop() {
        if (server == null) {
            return;
        }
        server.stop();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
