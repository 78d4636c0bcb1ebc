package dev.trimtab.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.SettingsOptions;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cluster.ClusterParts;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeployConfig;
import dev.trimtab.kserve.DeployConfig.DeployConfigProblem;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.RawClient;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.PolicyLoader.LoadedPolicy;
import dev.trimtab.policy.PolicyLoader.LoadedProfiles;
import dev.trimtab.policy.PolicyProblem;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.review.Reviewer;
import dev.trimtab.rules.Facts.ClusterFacts;
import dev.trimtab.snapshot.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads once what the webhook watches: policy, profiles of namespaces, Knative's configuration, ignored namespaces. */
final class ClusterSettings {
    private final LiveCluster cluster;
    private final SettingsOptions places;

    /**
     * @param source origin of the policy, in words
     * @param leftOut namespaces in which Trimtab changes nothing
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
     * @param of the only namespace to read; empty for all
     * @param other policy to compare with, which may allow profiles of namespaces
     * @throws BadInput if the settings in force are unknown: with an invalid ConfigMap the last good one stays in
     *     force, and the cluster no longer has it
     */
    Read read(Optional<String> of, Optional<Policy> other) throws BadInput, ApiProblem {
        InForce inForce = policy();
        List<String> warnings = new ArrayList<>();
        Settings settings = new Settings(inForce.policy(), knative(), facts(warnings));
        if (settings.policy().namespaceProfiles()
                || other.filter(Policy::namespaceProfiles).isPresent()) {
            settings = withProfiles(settings, of, warnings);
        }
        return new Read(settings, inForce.source(), leftOut(of), warnings);
    }

    private record InForce(Policy policy, String source) {}

    /** Without a ConfigMap, the built-in policy is in force. With an invalid one, the built-in policy in mode Audit. */
    private InForce policy() throws ApiProblem {
        JsonNode map = configMap(places.trimtab(), PolicyReview.CONFIG_MAP);
        String place = "ConfigMap %s/%s".formatted(places.trimtab(), PolicyReview.CONFIG_MAP);
        if (map.isMissingNode()) {
            return new InForce(Policy.BUILT_IN, "the built-in policy: there is no " + place);
        }
        JsonNode text = map.path("data").path(PolicyReview.KEY);
        if (!text.isTextual()) {
            return invalid(place, "data has no key \"%s\"".formatted(PolicyReview.KEY));
        }
        LoadedPolicy loaded = PolicyLoader.load(text.textValue());
        if (loaded.policy().isEmpty() || !loaded.problems().isEmpty()) {
            return invalid(place, first(loaded.problems()));
        }
        return new InForce(loaded.policy().get(), "the policy of " + place);
    }

    private static InForce invalid(String place, String problem) {
        return new InForce(
                Policy.BUILT_IN.withMode(Mode.AUDIT),
                "the built-in policy in mode Audit: %s is invalid: %s".formatted(place, line(problem)));
    }

    private KnativeConfig knative() throws BadInput, ApiProblem {
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

    private ClusterFacts facts(List<String> warnings) throws BadInput, ApiProblem {
        JsonNode rollout = configMap(places.knative(), ClusterParts.PROGRESSIVE_ROLLOUT);
        return new ClusterFacts(!rollout.isMissingNode(), hpa(), defaultMode(warnings));
    }

    private boolean hpa() throws ApiProblem {
        String deployments = "/apis/apps/v1%s/deployments/".formatted(LiveCluster.in(Optional.of(places.knative())));
        for (String name : ClusterParts.HPA) {
            if (!cluster.get("deployments", deployments + name).isMissingNode()) {
                return true;
            }
        }
        return false;
    }

    /** Warns if KServe's ConfigMap may not be read. Since KServe 0.15.1, services name their modes themselves. */
    private Optional<DeploymentMode> defaultMode(List<String> warnings) throws BadInput, ApiProblem {
        try {
            return DeployConfig.defaultMode(data(configMap(places.kserve(), DeployConfig.CONFIG_MAP)));
        } catch (ApiProblem problem) {
            if (!problem.isForbidden()) {
                throw problem;
            }
            warnings.add("Warning: KServe's default mode is unknown, so the policy's is used: " + problem.getMessage());
            return Optional.empty();
        } catch (DeployConfigProblem problem) {
            throw unknown("ConfigMap %s/%s".formatted(places.kserve(), DeployConfig.CONFIG_MAP), problem.getMessage());
        }
    }

    private Settings withProfiles(Settings before, Optional<String> of, List<String> warnings) throws ApiProblem {
        Settings settings = before;
        String path = "/api/v1%s/configmaps?fieldSelector=metadata.name%%3D%s"
                .formatted(LiveCluster.in(of), PolicyReview.CONFIG_MAP);
        for (ObjectNode map : cluster.pages(path, Optional::of).orElse(List.of())) {
            String namespace = new Manifest(map).namespace();
            if (namespace.equals(places.trimtab())) {
                continue;
            }
            LoadedProfiles loaded = PolicyLoader.loadProfiles(
                    map.path("data").path(PolicyReview.KEY).asText(""));
            if (loaded.problems().isEmpty()) {
                settings = settings.withNamespaceProfiles(namespace, loaded);
            } else {
                warnings.add("Warning: the profiles of namespace %s are invalid and ignored here (see trimtab lint): %s"
                        .formatted(namespace, first(loaded.problems())));
            }
        }
        return settings;
    }

    /** Namespaces whose objects the webhook does not review. */
    private Set<String> leftOut(Optional<String> of) throws ApiProblem {
        Set<String> leftOut =
                new HashSet<>(Reviewer.platformNamespaces(places.trimtab(), places.knative(), places.kserve()));
        String name = of.map(it -> "&fieldSelector=metadata.name%3D" + RawClient.encoded(it))
                .orElse("");
        String selected = "/api/v1/namespaces?labelSelector=" + RawClient.encoded(Manifest.IGNORE + "=true") + name;
        cluster.pages(selected, namespace -> Optional.of(new Manifest(namespace).name()))
                .ifPresent(leftOut::addAll);
        return leftOut;
    }

    private JsonNode configMap(String namespace, String name) throws ApiProblem {
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
        return new BadInput(
                List.of("%s is invalid, so the configuration in force is unknown: %s".formatted(place, line(problem))));
    }

    private static String line(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ");
    }
}
