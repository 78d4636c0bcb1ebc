package dev.trimtab.deploy;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The Helm chart as a release has it: one archive, in which there are no links any more.
 *
 * @param path archive or folder
 * @param folder for values
 */
record Chart(String path, Path folder) {
    static final Path SOURCE = Path.of("deploy", "chart");
    private static final String KUBERNETES = "1.30.0";

    static Chart packagedIn(Path folder) {
        var unused = new Helm(SOURCE).packageIt().withDestination(folder).call();
        try (var files = Files.newDirectoryStream(folder, "trimtab-*.tgz")) {
            return new Chart(files.iterator().next().toString(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With the objects of {@code helm test} as ordinary ones: the library does not show hooks. */
    static Chart withTestsIn(Path folder) {
        var chart = folder.resolve("trimtab");
        try (var files = Files.walk(SOURCE, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                var copy = chart.resolve(SOURCE.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, Files.readString(file).replace("helm.sh/hook: test", "trimtab.dev/hook: test"));
            }
            return new Chart(chart.toString(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is installed into the namespace {@code trimtab} with these values. */
    Manifests with(String values) {
        return in("trimtab", values);
    }

    Manifests in(String namespace, String values) {
        return Manifests.parse(text(namespace, values));
    }

    String text(String namespace, String values) {
        var file = folder.resolve("values.yaml");
        try {
            Files.writeString(file, values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Helm.template(path)
                .withName("trimtab")
                .withNamespace(namespace)
                .withKubeVersion(KUBERNETES)
                .withValuesFile(file)
                .call();
    }
}
