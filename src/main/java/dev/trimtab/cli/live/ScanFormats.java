package dev.trimtab.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.policy.ClosestWord;
import dev.trimtab.policy.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds profiles for model formats that no runtime of the cluster supports. Most likely the format is misspelt. */
final class ScanFormats {
    private static final String GROUP = "/apis/serving.kserve.io/v1alpha1/";

    private final LiveCluster cluster;

    ScanFormats(LiveCluster cluster) {
        this.cluster = cluster;
    }

    /** @param known the formats that the runtimes have */
    record UnknownFormat(String profile, String format, Set<String> known) {
        Optional<String> closest() {
            return ClosestWord.to(format, known);
        }

        private String warning() {
            String advice = closest()
                    .map(it -> ": did you mean %s?".formatted(it))
                    .orElseGet(() -> known.isEmpty() ? "" : "; they have " + String.join(", ", known));
            return "Warning: profile %s is for the model format %s, and no ServingRuntime of the cluster has that%s"
                    .formatted(profile, format, advice);
        }
    }

    /** Returns one line per such format. Empty without KServe, or without the right to list all runtimes. */
    List<String> warnings(List<Profile> profiles) throws ApiProblem {
        return unknown(profiles).orElse(List.of()).stream()
                .map(UnknownFormat::warning)
                .toList();
    }

    /** Empty without KServe, or without the right to list all runtimes, if a profile names a format. */
    Optional<List<UnknownFormat>> unknown(List<Profile> profiles) throws ApiProblem {
        boolean any =
                profiles.stream().anyMatch(it -> !it.match().modelFormats().isEmpty());
        Optional<Set<String>> known = any ? known() : Optional.of(Set.of());
        List<UnknownFormat> unknown = new ArrayList<>();
        known.ifPresent(formats -> profiles.forEach(profile -> profile.match().modelFormats().stream()
                .sorted()
                .filter(it -> formats.stream().noneMatch(it::equalsIgnoreCase))
                .forEach(it -> unknown.add(new UnknownFormat(profile.name(), it, formats)))));
        return known.map(it -> unknown);
    }

    private Optional<Set<String>> known() throws ApiProblem {
        Set<String> formats = new TreeSet<>();
        boolean installed = false;
        for (String kind : List.of("clusterservingruntimes", "servingruntimes")) {
            try {
                Optional<List<Boolean>> found = cluster.pages(GROUP + kind, runtime -> {
                    add(runtime, formats);
                    return Optional.of(true);
                });
                installed |= found.isPresent();
            } catch (ApiProblem problem) {
                if (!problem.isForbidden()) {
                    throw problem;
                }
                return Optional.empty();
            }
        }
        return installed ? Optional.of(formats) : Optional.empty();
    }

    private static void add(ObjectNode runtime, Set<String> formats) {
        for (JsonNode format : runtime.path("spec").path("supportedModelFormats")) {
            String name = format.path("name").asText("");
            if (!name.isEmpty()) {
                formats.add(name);
            }
        }
    }
}
