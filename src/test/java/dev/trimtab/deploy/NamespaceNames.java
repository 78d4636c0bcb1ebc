package dev.trimtab.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The namespaces that manifests name, wherever Kubernetes or Trimtab reads one. */
final class NamespaceNames {
    private static final Pattern IN_TEXT = Pattern.compile(
            "system:serviceaccount:([^:]+):|trimtab-webhook\\.([^.]+)\\.svc|^([^/ ]+)/trimtab-webhook$");

    private final Set<String> names = new TreeSet<>();

    private NamespaceNames() {}

    static Set<String> in(Manifests manifests) {
        var found = new NamespaceNames();
        for (JsonNode object : manifests.objects()) {
            if (object.path("kind").asText().equals("Namespace")) {
                found.add(object.at("/metadata/name"));
            }
            found.collect(object);
        }
        return found.names;
    }

    private void collect(JsonNode node) {
        if (node.isTextual()) {
            for (Matcher matcher = IN_TEXT.matcher(node.asText()); matcher.find(); ) {
                for (int group = 1; group <= matcher.groupCount(); group++) {
                    if (matcher.group(group) != null) {
                        names.add(matcher.group(group));
                    }
                }
            }
        }
        if (node.path("key").asText().equals("kubernetes.io/metadata.name")) {
            add(node.path("values"));
        }
        if (node.path("name").asText().matches("TRIMTAB_.*NAMESPACE")) {
            add(node.path("value"));
        }
        add(node.path("namespace"));
        add(node.path("namespaces"));
        node.forEach(this::collect);
    }

    private void add(JsonNode name) {
        if (name.isTextual()) {
            names.add(name.asText());
        }
        name.forEach(this::add);
    }
}
