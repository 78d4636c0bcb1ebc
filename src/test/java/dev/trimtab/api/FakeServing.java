package dev.trimtab.api;

import static dev.trimtab.api.Api.Kind.CONFIGURATION;
import static dev.trimtab.api.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.Api.Kind.REVISION;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.Api.Kind;

/**
 * Knative's controllers: of each Service a Configuration, of that a Revision, of that a Deployment, each with its owner;
 * and a Service is ready as soon as it has one. The pods' grace is the timeout (knative 1.23, deploy.go 302). Nothing comes
 * of a Service that is being deleted.
 */
record FakeServing(Api api) {
    void round(String namespace) {
        for (ObjectNode service : api.list(KNATIVE_SERVICE, namespace)) {
            if (!service.at("/metadata").has("deletionTimestamp")) {
                serve(service);
            }
        }
    }

    private void serve(ObjectNode service) {
        String name = service.at("/metadata/name").asText();
        ObjectNode template = (ObjectNode) service.at("/spec/template");
        ObjectNode configuration = child(CONFIGURATION, service, name);
        configuration.putObject("spec").set("template", template);
        ObjectNode ofService = ensure(CONFIGURATION, configuration);
        ObjectNode revision = child(REVISION, ofService, name + "-00001");
        revision.withObject("/metadata/labels").put("serving.knative.dev/service", name);
        revision.set("spec", template.path("spec"));
        ObjectNode ofConfiguration = ensure(REVISION, revision);
        ensure(DEPLOYMENT, deployment(ofConfiguration, template, name));
        if (!service.at("/status/conditions/0/status").asText("").equals("True")) {
            service.putObject("status")
                    .putArray("conditions")
                    .addObject()
                    .put("type", "Ready")
                    .put("status", "True");
            api.updateStatus(KNATIVE_SERVICE, service);
        }
    }

    private static ObjectNode deployment(ObjectNode revision, ObjectNode template, String service) {
        ObjectNode deployment = child(DEPLOYMENT, revision, service + "-00001-deployment");
        ObjectNode labels = deployment.withObject("/metadata").withObject("/labels");
        labels.setAll((ObjectNode) template.at("/metadata/labels"));
        labels.put("serving.knative.dev/revision", service + "-00001");
        ObjectNode spec = deployment.putObject("spec").put("replicas", 1);
        spec.putObject("selector").putObject("matchLabels").put("serving.knative.dev/revision", service + "-00001");
        ObjectNode pod = spec.putObject("template");
        pod.putObject("metadata").set("labels", labels.deepCopy());
        ObjectNode podSpec = pod.putObject("spec")
                .put(
                        "terminationGracePeriodSeconds",
                        template.at("/spec/timeoutSeconds").asInt(300));
        ObjectNode container = podSpec.putArray("containers").addObject();
        container.put("name", "user-container").put("image", "example/model");
        container.set("resources", template.at("/spec/containers/0/resources"));
        return deployment;
    }

    private static ObjectNode child(Kind kind, ObjectNode owner, String name) {
        ObjectNode child = Api.yaml("{apiVersion: %s, kind: %s}".formatted(kind.version(), kind.kindName()));
        Owned.by(owner, child, owner.at("/metadata/namespace").asText(), name);
        return child;
    }

    private ObjectNode ensure(Kind kind, ObjectNode object) {
        String namespace = object.at("/metadata/namespace").asText();
        return api.find(kind, namespace, object.at("/metadata/name").asText())
                .orElseGet(() -> api.create(kind, object));
    }
}
