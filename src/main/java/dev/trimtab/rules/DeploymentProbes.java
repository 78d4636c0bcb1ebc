package dev.trimtab.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Container;
import dev.trimtab.policy.Probes;
import java.util.OptionalInt;

/** The probes of a Deployment of KServe's Standard mode. Only the kubelet reads them. */
final class DeploymentProbes {
    /** KServe's name for the worker containers of a multi-node model, which have a Deployment of their own. */
    private static final String WORKER = "worker-container";

    private DeploymentProbes() {}

    static void fill(Draft draft, Facts facts, Container container, Probes wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        if (container.name().equals(WORKER)) {
            draft.leave(ProbesRule.ID, "a worker of a multi-node model answers no requests");
            return;
        }
        ProbeShape shape = ProbeShape.forContainer(draft, container);
        OptionalInt startup = AuthorHint.STARTUP.seconds(draft, facts);
        wanted.readiness()
                .ifPresent(it -> ProbesRule.fill(draft, container.field(ProbesRule.READINESS), shape.readiness(it)));
        wanted.startup()
                .ifPresent(
                        it -> ProbesRule.fill(draft, container.field(ProbesRule.STARTUP), shape.startup(it, startup)));
        boolean heldBack = draft.value(container.field(ProbesRule.STARTUP)).isObject();
        wanted.liveness().ifPresent(it -> {
            ObjectNode probe = shape.liveness(it, heldBack ? OptionalInt.empty() : startup);
            ProbesRule.fill(draft, container.field(ProbesRule.LIVENESS), probe);
        });
    }
}
