package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.config.DefaultsConfig;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that Knative gives to unnamed containers (Knative 1.23, revision_defaults.go 79-90, 266-300). */
final class ContainerNames {
    /** The action that Trimtab can read from a template; others depend on data that only Knative has. */
    private static final Pattern NAME = Pattern.compile("\\{\\{-?\\s*\\.Name\\s*-?}}");

    private final ObjectNode service;
    private final Set<String> taken = new HashSet<>();
    private final Map<JsonPointer, JsonNode> names = new LinkedHashMap<>();

    private ContainerNames(ObjectNode service) {
        this.service = service;
    }

    /** The name that each container gets if its author writes none, for all containers. */
    static Map<JsonPointer, JsonNode> of(ObjectNode service, DefaultsConfig config) {
        ContainerNames names = new ContainerNames(service);
        names.collect("containers");
        names.collect("initContainers");
        names.name("containers", config.containerNameTemplate());
        names.name("initContainers", config.initContainerNameTemplate());
        return names.names;
    }

    private void collect(String list) {
        for (JsonNode container : service.at(KnativeService.POD_SPEC).path(list)) {
            taken.add(container.path("name").asText(""));
        }
    }

    private void name(String list, String template) {
        String base = NAME.matcher(template).replaceAll(Matcher.quoteReplacement(new Manifest(service).name()));
        if (base.isEmpty() || base.contains("{{")) {
            return;
        }
        JsonPointer at = KnativeService.POD_SPEC.appendProperty(list);
        JsonNode containers = service.at(at);
        for (int i = 0; containers.isArray() && i < containers.size(); i++) {
            if (containers.get(i).isObject()) {
                String written = containers.get(i).path("name").asText("");
                taken.remove(written);
                String name = containers.size() == 1 && !taken.contains(base) ? base : numbered(base);
                names.put(at.appendIndex(i).appendProperty("name"), TextNode.valueOf(name));
                taken.add(written.isEmpty() ? name : written);
            }
        }
    }

    private String numbered(String base) {
        int number = 0;
        while (taken.contains(base + "-" + number)) {
            number++;
        }
        return base + "-" + number;
    }
}
