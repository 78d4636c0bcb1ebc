package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Whether a runtime exists for each model format that a profile names. */
final class FormatsCheck implements Check {
    @Override
    public String name() {
        return "model-formats";
    }

    @Override
    public String about() {
        return "each model format of a profile is one that a ServingRuntime or ClusterServingRuntime supports";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        if (cluster.unread(Source.SCAN).isPresent()) {
            return List.of(
                    Finding.unchecked("profiles", cluster.unread(Source.SCAN).get()));
        }
        JsonNode formats = cluster.value(Source.SCAN).path("formats");
        if (formats.isMissingNode()) {
            return List.of(Finding.unchecked("profiles", "the ServingRuntimes may not be listed"));
        }
        List<Finding> findings = new ArrayList<>();
        for (JsonNode it : formats) {
            String meant = it.path("closest").asText("");
            findings.add(Finding.warning(
                    "profile " + it.path("profile").asText(),
                    "is for the model format %s, and no ServingRuntime has that"
                            .formatted(it.path("format").asText()),
                    meant.isEmpty()
                            ? "kubectl get clusterservingruntimes,servingruntimes -A -o yaml"
                            : "write %s, if you mean that (docs/policy.md)".formatted(meant)));
        }
        return findings.isEmpty()
                ? List.of(Finding.fine("profiles", "name no model format without a runtime"))
                : findings;
    }
}
