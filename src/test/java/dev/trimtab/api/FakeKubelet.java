package dev.trimtab.api;

import static dev.trimtab.api.Api.Kind.POD;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Binds each pod to a node. What is Terminating there stays so, as with a container that does not listen, until somebody
 * deletes it with a grace of 0.
 *
 * @param ends whether pods end by themselves as soon as they are asked to
 */
record FakeKubelet(Api api, boolean ends) {
    void round(String namespace) {
        for (ObjectNode pod : api.list(POD, namespace)) {
            String name = pod.at("/metadata/name").asText();
            boolean bound = pod.at("/spec").has("nodeName");
            boolean goes = pod.at("/metadata").has("deletionTimestamp");
            if (!bound && !goes) {
                bind(namespace, name);
            } else if (goes && ends) {
                api.client()
                        .pods()
                        .inNamespace(namespace)
                        .withName(name)
                        .withGracePeriod(0)
                        .delete();
            }
        }
    }

    private void bind(String namespace, String name) {
        ObjectNode binding = Api.yaml("""
                apiVersion: v1
                kind: Binding
                metadata: {name: %s, namespace: %s}
                target: {apiVersion: v1, kind: Node, name: gpu-node}
                """.formatted(name, namespace));
        String unused = api.client().raw(POD.path(namespace) + "/" + name + "/binding", "POST", binding.toString());
    }
}
