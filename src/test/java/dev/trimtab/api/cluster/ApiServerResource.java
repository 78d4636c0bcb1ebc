package dev.trimtab.api.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
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
 * The test cluster for all test classes that name this resource, with what a cluster with KServe, Knative and Trimtab
 * holds; and Trimtab pointed at it, as its own ServiceAccount.
 */
public final class ApiServerResource implements QuarkusTestResourceLifecycleManager {
    /** The setting that names the folder with the kubeconfig and the certificates. */
    static final String FOLDER = "api-test.folder";

    private boolean controller;
    private Path folder;

    @Override
    public void init(Map<String, String> arguments) {
        controller = Boolean.parseBoolean(arguments.getOrDefault("controller", "false"));
    }

    @Override
    public Map<String, String> start() {
        if (Installation.missing().isPresent()) {
            return Map.of();
        }
        try {
            TestCluster.up();
            folder = Files.createTempDirectory("trimtab-api");
            return settings(Files.copy(TestCluster.kubeconfig(), folder.resolve("kubeconfig")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> settings(Path kubeconfig) throws IOException {
        Certificates certificates = Certificates.make(folder);
        Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
        Map<String, String> settings = new HashMap<>();
        try (KubernetesClient admin =
                new KubernetesClientBuilder().withConfig(config).build()) {
            ClusterContents.install(admin);
            Account account = controller ? Account.CONTROLLER : Account.TRIMTAB;
            settings.put("quarkus.kubernetes-client.token", account.token(admin));
        }
        settings.put(FOLDER, folder.toString());
        settings.put("quarkus.kubernetes-client.api-server-url", config.getMasterUrl());
        settings.put("quarkus.kubernetes-client.trust-certs", "true");
        settings.put("trimtab.cluster", "auto");
        // Tests of it start their own.
        settings.put("trimtab.controller.enabled", Boolean.toString(controller));
        settings.put("trimtab.namespace", "trimtab");
        settings.put("trimtab.tls.certificate", certificates.certificate().toString());
        settings.put("trimtab.tls.key", certificates.key().toString());
        settings.put("quarkus.tls.webhook.reload-period", "1s");
        return settings;
    }

    /** The cluster stays for the next class. */
    @Override
    public void stop() {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
