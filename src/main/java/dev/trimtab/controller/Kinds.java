package dev.trimtab.controller;

import dev.trimtab.controller.Objects.Kind;
import dev.trimtab.lifecycle.ChildKind;
import dev.trimtab.lifecycle.Stoppable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds that the controller reads. */
final class Kinds {
    static final Kind POD = new Kind("", "v1", "Pod", "pods");
    static final Kind EVENT = new Kind("", "v1", "Event", "events");
    static final Kind NAMESPACE = new Kind("", "v1", "Namespace", "namespaces");
    static final Kind REVISION = new Kind("serving.knative.dev", "v1", "Revision", "revisions");
    static final Kind REPLICA_SET = new Kind("apps", "v1", "ReplicaSet", "replicasets");
    static final Kind POD_AUTOSCALER = new Kind("autoscaling.aibrix.ai", "v1alpha1", "PodAutoscaler", "podautoscalers");
    static final Kind DEPLOYMENT = of(ChildKind.DEPLOYMENT);
    static final Kind STATEFUL_SET = new Kind("apps", "v1", "StatefulSet", "statefulsets");

    /** What starts pods, with the labels that KServe gives those. */
    static final List<Kind> MAKERS = List.of(DEPLOYMENT, REPLICA_SET, STATEFUL_SET);

    /** What stands between a pod and its service, by kind and group. */
    private static final Map<String, Kind> OWNERS = Stream.of(
                    Stream.of(
                            POD,
                            REPLICA_SET,
                            STATEFUL_SET,
                            DEPLOYMENT,
                            of(ChildKind.KNATIVE_SERVICE),
                            new Kind("serving.knative.dev", "v1", "Configuration", "configurations"),
                            REVISION,
                            new Kind("leaderworkerset.x-k8s.io", "v1", "LeaderWorkerSet", "leaderworkersets")),
                    Stream.of(Stoppable.values()).map(Kinds::of))
            .flatMap(Function.identity())
            .collect(Collectors.toMap(it -> it.kindName() + "." + it.group(), Function.identity()));

    private Kinds() {}

    static Kind of(ChildKind kind) {
        return new Kind(kind.group(), kind.version(), kind.kindName(), kind.plural());
    }

    static Kind of(Stoppable kind) {
        return new Kind(Stoppable.GROUP, kind.version(), kind.kindName(), kind.plural());
    }

    /** The kind of an owner, whatever its version; empty for one that nobody here knows. */
    static Optional<Kind> owner(String apiVersion, String kindName) {
        int slash = apiVersion.indexOf('/');
        return Optional.ofNullable(OWNERS.get(kindName + "." + (slash < 0 ? "" : apiVersion.substring(0, slash))));
    }
}
