package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.lifecycle.RevisionRepair;
import dev.trimtab.manifest.Manifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Revision that Knative refuses to write, its status too, since {@code config-autoscaler} was tightened. */
public record RefusedRevision(String namespace, String name) {
    /**
     * @param limits the data of {@code config-autoscaler}
     * @return empty where Knative itself would not take these limits
     */
    static Optional<List<RefusedRevision>> of(List<JsonNode> revisions, JsonNode limits) {
        Map<String, String> data = new HashMap<>();
        limits.properties().forEach(it -> data.put(it.getKey(), it.getValue().asText()));
        AutoscalerConfig cluster;
        try {
            cluster = KnativeConfig.DEFAULTS
                    .withConfigMap("config-autoscaler", data)
                    .autoscaler();
        } catch (ConfigMapProblem invalid) {
            return Optional.empty();
        }
        List<RefusedRevision> refused = new ArrayList<>();
        for (JsonNode revision : revisions) {
            if (revision instanceof ObjectNode object) {
                Manifest manifest = new Manifest(object);
                RevisionRepair.of(manifest, cluster)
                        .ifPresent(it -> refused.add(new RefusedRevision(manifest.namespace(), manifest.name())));
            }
        }
        refused.sort(Comparator.comparing(RefusedRevision::namespace).thenComparing(RefusedRevision::name));
        return Optional.of(refused);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
