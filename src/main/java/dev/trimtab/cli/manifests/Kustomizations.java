package dev.trimtab.cli.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlProblem;
import dev.trimtab.yaml.YamlStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which files are no objects of their own: patches, values and other parts that the {@code kustomization.yaml} of their folder
 * names, or one of a folder above. Kustomize reads no file from outside of its folder.
 */
final class Kustomizations {
    private static final List<String> NAMES = List.of("kustomization.yaml", "kustomization.yml", "Kustomization");

    /** Lists of files, or of maps with a file. A file name may follow a key, as in {@code key=file}. */
    private static final List<String> PARTS = List.of(
            "patches",
            "patchesStrategicMerge",
            "patchesJson6902",
            "replacements",
            "configurations",
            "configMapGenerator",
            "secretGenerator",
            "helmCharts");

    private record Parts(Path kustomization, Map<Path, String> files) {}

    private final Map<Path, Optional<Parts>> folders = new HashMap<>();

    static boolean isOne(Path file) {
        return NAMES.contains(file.getFileName().toString());
    }

    /** Says what the file is, and of which kustomization. Empty for a file with objects of its own. */
    Optional<String> partOf(Path file) {
        Path whole = file.toAbsolutePath().normalize();
        for (Path folder = whole.getParent(); folder != null; folder = folder.getParent()) {
            Optional<Parts> parts = folders.computeIfAbsent(folder, Kustomizations::read);
            if (parts.isPresent() && parts.get().files().containsKey(whole)) {
                return Optional.of(
                        words(parts.get().files().get(whole), parts.get().kustomization()));
            }
        }
        return Optional.empty();
    }

    private static String words(String list, Path kustomization) {
        Path here = Path.of("").toAbsolutePath();
        Path shown = kustomization.startsWith(here) ? here.relativize(kustomization) : kustomization;
        Path folder = shown.getParent() == null ? Path.of(".") : shown.getParent();
        return list.startsWith("patches")
                ? "a patch of %s, left unchanged: check what is rendered by trimtab check -k %s"
                        .formatted(shown, folder)
                : "a part of %s (%s), left unchanged".formatted(shown, list);
    }

    private static Optional<Parts> read(Path folder) {
        for (String name : NAMES) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                Map<Path, String> parts = new HashMap<>();
                try {
                    for (YamlDocument document : YamlStream.read(Files.readString(file))) {
                        for (String list : PARTS) {
                            files(document.content().path(list))
                                    .forEach(part ->
                                            parts.put(folder.resolve(part).normalize(), list));
                        }
                    }
                } catch (IOException | YamlProblem | IllegalArgumentException unreadable) {
                    // Kustomize itself reports this.
                    return Optional.empty();
                }
                return Optional.of(new Parts(file, parts));
            }
        }
        return Optional.empty();
    }

    /** All texts that may be file names. A patch or a list of values may also be written inline. */
    private static Set<String> files(JsonNode node) {
        Set<String> files = new TreeSet<>();
        if (node.isTextual()) {
            String text = node.textValue();
            if (text.indexOf('\n') < 0 && text.indexOf('\0') < 0 && text.length() < 1000) {
                files.add(text.substring(text.indexOf('=') + 1).strip());
            }
        } else {
            node.forEach(child -> files.addAll(files(child)));
        }
        return files;
    }
}
