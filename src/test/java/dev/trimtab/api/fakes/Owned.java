package dev.trimtab.api.fakes;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Owner references as controllers write them. */
public final class Owned {
    private Owned() {}

    public static void by(ObjectNode owner, ObjectNode child, String namespace, String name) {
        ObjectNode metadata = child.withObject("/metadata").put("name", name).put("namespace", namespace);
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", owner.path("apiVersion").asText())
                .put("kind", owner.path("kind").asText())
                .put("name", owner.at("/metadata/name").asText())
                .put("uid", owner.at("/metadata/uid").asText())
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }
}
