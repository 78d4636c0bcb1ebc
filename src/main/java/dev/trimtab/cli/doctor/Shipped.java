package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.trimtab.yaml.YamlStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The manifests of {@code deploy/webhook}, which the build puts into the jar. */
record Shipped(List<JsonNode> objects) {
    /** The files with webhook configurations or rights. */
    static final List<String> FILES = List.of(
            "20-rbac.yaml",
            "22-knative.yaml",
            "25-controller.yaml",
            "26-schedules.yaml",
            "60-mutatingwebhookconfiguration.yaml",
            "70-validatingwebhookconfiguration.yaml");

    /** The namespace that the manifests give to Trimtab, and the one for Knative's configuration. */
    private static final String TRIMTAB = "trimtab";

    private static final String KNATIVE = "knative-serving";

    Shipped {
        objects = List.copyOf(objects);
    }

    static Shipped ofJar() {
        List<JsonNode> objects = new ArrayList<>();
        for (String file : FILES) {
            try (InputStream in = Shipped.class.getResourceAsStream("shipped/" + file)) {
                if (in == null) {
                    throw new IllegalStateException(file + " is not in the jar");
                }
                YamlStream.read(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .forEach(it -> objects.add(it.content()));
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
        return new Shipped(objects);
    }

    /** The entries of a webhook configuration, in order. */
    List<JsonNode> entries(Source kind) {
        JsonNode configuration = objects.stream()
                .filter(it -> it.path("kind").asText().equals(kindName(kind)))
                .findFirst()
                .orElse(MissingNode.getInstance());
        return Observed.stream(configuration.path("webhooks")).toList();
    }

    static String kindName(Source kind) {
        return kind == Source.MUTATING ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration";
    }

    /** Each right that a shipped binding gives to a ServiceAccount, one per verb, resource and name. */
    List<Right> rights(Places places) {
        Set<Right> rights = new LinkedHashSet<>();
        for (JsonNode binding : objects) {
            if (binding.path("kind").asText().endsWith("RoleBinding")) {
                String account = binding.at("/subjects/0/name").asText();
                String namespace = place(Observed.namespace(binding), places);
                JsonNode role = role(binding);
                role.path("rules").forEach(rule -> add(account, namespace, role, rule, rights));
            }
        }
        return List.copyOf(rights);
    }

    private JsonNode role(JsonNode binding) {
        JsonNode ref = binding.path("roleRef");
        boolean everywhere = ref.path("kind").asText().equals("ClusterRole");
        return objects.stream()
                .filter(it -> it.path("kind").equals(ref.path("kind"))
                        && Observed.name(it).equals(ref.path("name").asText())
                        && (everywhere || Observed.namespace(it).equals(Observed.namespace(binding))))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no role " + ref));
    }

    private static void add(String account, String namespace, JsonNode role, JsonNode rule, Set<Right> rights) {
        String by = role.path("kind").asText() + " " + Observed.name(role);
        List<String> names = rule.has("resourceNames") ? texts(rule.path("resourceNames")) : List.of("");
        for (String group : texts(rule.path("apiGroups"))) {
            for (String resource : texts(rule.path("resources"))) {
                for (String name : names) {
                    texts(rule.path("verbs"))
                            .forEach(
                                    verb -> rights.add(new Right(account, namespace, verb, group, resource, name, by)));
                }
            }
        }
    }

    private static String place(String namespace, Places places) {
        return switch (namespace) {
            case TRIMTAB -> places.trimtab();
            case KNATIVE -> places.knative();
            default -> namespace;
        };
    }

    private static List<String> texts(JsonNode list) {
        return Observed.stream(list).map(JsonNode::asText).toList();
    }

    /**
     * @param namespace empty for all
     * @param name empty for all
     * @param role what grants it
     */
    record Right(
            String account, String namespace, String verb, String group, String resource, String name, String role) {
        /** As {@code kubectl auth can-i} takes it. */
        String asked() {
            String type = resource + (group.isEmpty() ? "" : "." + group);
            return verb + " " + type + (name.isEmpty() ? "" : "/" + name);
        }
    }
}
