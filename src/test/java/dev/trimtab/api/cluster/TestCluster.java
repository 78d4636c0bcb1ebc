package dev.trimtab.api.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The whole cluster of these tests: {@code test-cluster/test-cluster}, with Knative. Its name is that of the environment
 * variable {@code TEST_CLUSTER}; without one it is a cluster that ends with this JVM.
 */
public final class TestCluster {
    private static final Path SCRIPT = Path.of("test-cluster", "test-cluster");
    private static final Optional<String> MISSING = check();

    private TestCluster() {}

    /** Why there is none here; empty where there is one, or where it can be started. */
    static Optional<String> missing() {
        return MISSING;
    }

    /** Starts it, if it does not run yet. */
    public static void up() {
        List<String> arguments = new ArrayList<>(List.of("up", "knative"));
        if (!isShared()) {
            arguments.addAll(
                    List.of("--while", Long.toString(ProcessHandle.current().pid())));
        }
        String unused = run(arguments);
    }

    public static Path kubeconfig() {
        return variable("KUBECONFIG");
    }

    /** Where kubectl and the other programs are. */
    public static Path programs() {
        return variable("KUBEBUILDER_ASSETS");
    }

    public static void kill(String process) {
        String unused = run(List.of("kill", process));
    }

    /** Starts a process again. When it returns, the API server answers. */
    public static void start(String process) {
        String unused = run(List.of("start", process));
    }

    private static boolean isShared() {
        String name = System.getenv("TEST_CLUSTER");
        return name != null && !name.isEmpty();
    }

    private static Path variable(String name) {
        return Path.of(Variables.ALL.get(name));
    }

    /** What {@code test-cluster env} says, asked for once. */
    private static final class Variables {
        private static final Pattern EXPORT = Pattern.compile("export (\\w+)='(.*)'");
        private static final Map<String, String> ALL = EXPORT.matcher(run(List.of("env")))
                .results()
                .collect(Collectors.toUnmodifiableMap(it -> it.group(1), it -> it.group(2)));
    }

    private static Optional<String> check() {
        try {
            Process process = script(List.of("check", "knative", "gitops-diff"));
            String said = said(process);
            return process.waitFor() == 0 ? Optional.empty() : Optional.of(said.strip());
        } catch (IOException e) {
            return Optional.of("no test cluster: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String run(List<String> arguments) {
        try {
            Process process = script(arguments);
            String said = said(process);
            if (process.waitFor() != 0) {
                throw new AssertionError(arguments + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Process script(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (!isShared()) {
            builder.environment()
                    .put("TEST_CLUSTER", "jvm-" + ProcessHandle.current().pid());
        }
        return builder.start();
    }

    private static String said(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
