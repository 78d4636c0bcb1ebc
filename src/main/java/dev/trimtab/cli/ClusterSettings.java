package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cluster.ClusterParts;
import dev.trimtab.knative.ConfigMapProblem;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Loaded;
import dev.trimtab.policy.LoadedProfiles;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.PolicyProblem;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.Settings;
import dev.trimtab.rules.ClusterFacts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads once what the webhook follows: policy, profiles of namespaces, Knative's configuration, what is left out. */
final class ClusterSettings {
    private final LiveCluster cluster;
    private final SettingsOptions places;

    /**
     * What a review has to know, besides the objects themselves.
     *
     * @param source where the policy is from, in words
     * @param leftOut namespaces in which nothing is touched
     */
    record Read(Settings settings, String source, Set<String> leftOut, List<String> warnings) {
        Reviewer reviewer() {
            return new Reviewer(leftOut);
        }
    }

    ClusterSettings(LiveCluster cluster, SettingsOptions places) {
        this.cluster = cluster;
        this.places = places;
    }

    /**
     * @param of the one namespace that is looked at; empty for all
     * @param other a policy that is asked about, and may allow profiles of namespaces
     * @throws BadInput where it cannot be known what is in force: of an invalid ConfigMap the last good one is, which the
     *     cluster no longer has
     */
    Read read(Optional<String> of, Optional<Policy> other) throws BadInput, ClusterProblem {
        Optional<Policy> policy = policy();
        Settings settings = new Settings(policy.orElse(Policy.BUILT_IN), knative(), facts());
        List<String> warnings = new ArrayList<>();
        if (settings.policy().namespaceProfiles()
                || other.filter(Policy::namespaceProfiles).isPresent()) {
            settings = withProfiles(settings, of, warnings);
        }
        String place = places.trimtab() + "/" + PolicyReview.CONFIG_MAP;
        String source = policy.isPresent()
                ? "the policy of ConfigMap " + place
                : "the built-in policy: there is no ConfigMap " + place;
        return new Read(settings, source, leftOut(of), warnings);
    }

    private Optional<Policy> policy() throws BadInput, ClusterProblem {
        JsonNode map = configMap(places.trimtab(), PolicyReview.CONFIG_MAP);
        if (map.isMissingNode()) {
            return Optional.empty();
        }
        String place = "ConfigMap %s/%s".formatted(places.trimtab(), PolicyReview.CONFIG_MAP);
        JsonNode text = map.path("data").path(PolicyReview.KEY);
        if (!text.isTextual()) {
            throw unknown(place, "data has no key \"%s\"".formatted(PolicyReview.KEY));
        }
        Loaded loaded = PolicyLoader.load(text.textValue());
        if (!loaded.problems().isEmpty()) {
            throw unknown(place, first(loaded.problems()));
        }
        return loaded.policy();
    }

    private KnativeConfig knative() throws BadInput, ClusterProblem {
        KnativeConfig knative = KnativeConfig.DEFAULTS;
        for (String name : KnativeConfig.CONFIG_MAPS) {
            JsonNode map = configMap(places.knative(), name);
            try {
                knative = map.isMissingNode() ? knative : knative.withConfigMap(name, data(map));
            } catch (ConfigMapProblem problem) {
                throw unknown("ConfigMap %s/%s".formatted(places.knative(), name), problem.getMessage());
            }
        }
        return knative;
    }

    private ClusterFacts facts() throws ClusterProblem {
        JsonNode rollout = configMap(places.knative(), ClusterParts.PROGRESSIVE_ROLLOUT);
        JsonNode hpa = cluster.get(
                "deployments",
                "/apis/apps/v1%s/deployments/%s"
                        .formatted(LiveCluster.in(Optional.of(places.knative())), ClusterParts.HPA));
        return new ClusterFacts(!rollout.isMissingNode(), !hpa.isMissingNode());
    }

    private Settings withProfiles(Settings before, Optional<String> of, List<String> warnings) throws ClusterProblem {
        Settings settings = before;
        String path = "/api/v1%s/configmaps?fieldSelector=metadata.name%%3D%s"
                .formatted(LiveCluster.in(of), PolicyReview.CONFIG_MAP);
        for (ObjectNode map : new Pages(cluster).of(path, Optional::of).orElse(List.of())) {
            String namespace = new Manifest(map).namespace();
            if (namespace.equals(places.trimtab())) {
                continue;
            }
            LoadedProfiles loaded = PolicyLoader.loadProfiles(
                    map.path("data").path(PolicyReview.KEY).asText(""));
            if (loaded.problems().isEmpty()) {
                settings = settings.withNamespaceProfiles(namespace, loaded);
            } else {
                warnings.add(
                        "Warning: the profiles of namespace %s are invalid, and not counted here (see trimtab lint): %s"
                                .formatted(namespace, first(loaded.problems())));
            }
        }
        return settings;
    }

    /** The webhook is not asked about what is in them. */
    private Set<String> leftOut(Optional<String> of) throws ClusterProblem {
        Set<String> leftOut = new HashSet<>(Reviewer.PLATFORM_NAMESPACES);
        leftOut.add(places.trimtab());
        leftOut.add(places.knative());
        String name = of.map(it -> "&fieldSelector=metadata.name%3D" + LiveCluster.encoded(it))
                .orElse("");
        String selected = "/api/v1/namespaces?labelSelector=" + LiveCluster.encoded(Manifest.IGNORE + "=true") + name;
        new Pages(cluster)
                .of(selected, namespace -> Optional.of(new Manifest(namespace).name()))
                .ifPresent(leftOut::addAll);
        return leftOut;
    }

    private JsonNode configMap(String namespace, String name) throws ClusterProblem {
        return cluster.get(
                "ConfigMap %s/%s".formatted(namespace, name),
                "/api/v1%s/configmaps/%s".formatted(LiveCluster.in(Optional.of(namespace)), name));
    }

    private static Map<String, String> data(JsonNode map) {
        Map<String, String> data = new LinkedHashMap<>();
        map.path("data")
                .properties()
                .forEach(it -> data.put(it.getKey(), it.getValue().asText()));
        return data;
    }

    private static String first(List<PolicyProblem> problems) {
        return problems.get(0) + (problems.size() > 1 ? " (and %d more)".formatted(problems.size() - 1) : "");
    }

    private static BadInput unknown(String place, String problem) {
        return new BadInput(List.of("%s is invalid, so what is in force cannot be known: %s"
                .formatted(place, problem.replaceAll("\\s*\\R\\s*", " "))));
    }
}
