package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.AnnotationChange.Changed;
import dev.trimtab.drift.Departure;
import dev.trimtab.drift.Leaving;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.lifecycle.AnnotationPatch;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.Answer;
import dev.trimtab.stability.LettingGo;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads and writes one object that leaves. Each write is for the very version that was read; a conflict is read again. */
final class LeaveWrite {
    private final LiveCluster cluster;
    private final Leaving leaving;

    LeaveWrite(LiveCluster cluster, Leaving leaving) {
        this.cluster = cluster;
        this.leaving = leaving;
    }

    /** What an object becomes. */
    private interface Change {
        ObjectNode of(Manifest object) throws ClusterProblem;
    }

    /** Empty where it is not there any more. */
    Optional<Manifest> find(ObjectKey key) throws ClusterProblem {
        return cluster.find(ObjectRef.of(key));
    }

    /** What becomes of an object as it is now; empty where nothing of Trimtab is on it. */
    Optional<Departure> look(Manifest object) throws ClusterProblem {
        return leaving.of(object, owner(object));
    }

    /** The first write: the record goes out of the way, and nothing rolls. Empty where the object is gone. */
    Optional<Manifest> release(ObjectKey key) throws ClusterProblem {
        return write(key, object -> leaving.released(object, owner(object)));
    }

    /** The second write: the fills go out. */
    Optional<Manifest> finish(ObjectKey key) throws ClusterProblem {
        return write(key, object -> leaving.finished(object, owner(object)));
    }

    /** After a write of KServe: nothing of ours is in the object, whatever its values are. */
    Optional<Manifest> markFinished(ObjectKey key) throws ClusterProblem {
        return write(key, object -> changed(object, LettingGo::finish));
    }

    /** Trimtab looks after it again. */
    Optional<Manifest> takeBack(ObjectKey key) throws ClusterProblem {
        return write(key, object -> changed(object, LettingGo::takeBack));
    }

    private Optional<Manifest> owner(Manifest object) throws ClusterProblem {
        Optional<ObjectKey> key = ObjectKey.ofOwner(object);
        return key.isPresent() ? find(key.get()) : Optional.empty();
    }

    private static ObjectNode changed(Manifest object, Consumer<ObjectNode> change) {
        ObjectNode changed = object.root().deepCopy();
        change.accept(changed);
        return changed;
    }

    private Optional<Manifest> write(ObjectKey key, Change change) throws ClusterProblem {
        try {
            Changed written = new AnnotationChange(cluster, ObjectRef.of(key)).apply(object -> {
                ArrayNode changes = Answer.diff(object.root(), change.of(object));
                return changes.isEmpty()
                        ? Optional.empty()
                        : Optional.of(AnnotationPatch.onlyIfUnchanged(object).addAll(changes));
            });
            return Optional.of(written.after().orElse(written.before()));
        } catch (BadInput gone) {
            return Optional.empty();
        }
    }
}
