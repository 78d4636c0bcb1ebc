package dev.trimtab.golden;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cluster.KnativeFiles;
import dev.trimtab.cluster.KserveFiles;
import dev.trimtab.cluster.SettingsFiles;
import dev.trimtab.cluster.SettingsFiles.UnreadableFile;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One directory: a manifest, what surrounds it, and what becomes of it. It holds {@code in.yaml}, {@code out.yaml} and
 * {@code explain.txt}, and where the case needs them {@code policy.yaml}, {@code knative.yaml} (ConfigMaps), {@code
 * kserve-config.yaml} (KServe's) and {@code old.yaml} (the stored object: then it is an UPDATE).
 */
final class GoldenCase {
    static final Path ROOT = Path.of("src", "test", "resources", "golden");
    static final Set<String> REQUIRED = Set.of("in.yaml", "out.yaml", "explain.txt");
    static final Set<String> OPTIONAL = Set.of("policy.yaml", "knative.yaml", "kserve-config.yaml", "old.yaml");

    private final Path directory;
    private final Map<String, ObjectNode> objects = new HashMap<>();

    GoldenCase(Path directory) {
        this.directory = directory;
    }

    /** {@code <rule>/<case>} below the root, in order. */
    static List<GoldenCase> all() {
        return children(ROOT).stream()
                .flatMap(rule -> children(rule).stream())
                .map(GoldenCase::new)
                .toList();
    }

    static List<Path> children(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    String name() {
        return directory.getParent().getFileName() + "/" + directory.getFileName();
    }

    ObjectNode in() {
        return object("in.yaml");
    }

    ObjectNode out() {
        return object("out.yaml");
    }

    Optional<ObjectNode> old() {
        return has("old.yaml") ? Optional.of(object("old.yaml")) : Optional.empty();
    }

    Settings settings() {
        Settings settings = Settings.DEFAULTS;
        try {
            if (has("policy.yaml")) {
                Policy policy = PolicyLoader.load(SettingsFiles.policy(file("policy.yaml")))
                        .policy()
                        .orElseThrow();
                settings = settings.withPolicy(policy);
            }
            if (has("knative.yaml")) {
                settings = settings.withKnative(KnativeFiles.read(settings.knative(), file("knative.yaml")));
            }
            if (has("kserve-config.yaml")) {
                settings = settings.withCluster(
                        settings.cluster().withDefaultMode(KserveFiles.defaultMode(file("kserve-config.yaml"))));
            }
        } catch (UnreadableFile e) {
            throw new AssertionError(e);
        }
        return settings;
    }

    /** What {@code trimtab preview} prints of this case: the manifest on standard output, the warnings as errors. */
    Printed preview(String format) {
        List<String> arguments = new ArrayList<>(List.of("preview", "-f", "-", "-o", format));
        for (String option : List.of("policy", "knative", "kserve-config", "old")) {
            if (has(option + ".yaml")) {
                arguments.add("--" + option);
                arguments.add(file(option + ".yaml").toString());
            }
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        InputStream manifest = new ByteArrayInputStream(text("in.yaml").getBytes(StandardCharsets.UTF_8));
        int code = TrimtabCommand.run(
                arguments.toArray(String[]::new), manifest, new PrintWriter(out), new PrintWriter(err));
        return new Printed(code, out.toString(), err.toString());
    }

    boolean has(String name) {
        return Files.exists(file(name));
    }

    String text(String name) {
        try {
            return Files.readString(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String name, String text) {
        try {
            Files.writeString(file(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private ObjectNode object(String name) {
        return objects.computeIfAbsent(name, it ->
                        (ObjectNode) YamlStream.read(text(it)).get(0).content())
                .deepCopy();
    }

    record Printed(int code, String out, String err) {}
}
