package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.lifecycle.EventAnnotations;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Posts Events, each once. The name of an Event is computed from its object, reason, moment and detail. A second one,
 * also of another leader, is a conflict in the cluster.
 */
public final class EventRecorder {
    private static final Logger LOG = Logger.getLogger(EventRecorder.class);

    /** Longest message. The API server refuses messages of more than 1,024 characters. */
    private static final int LONGEST = 1_000;

    /** Longest prefix of an Event's name. Names have at most 253 characters, names of services at most 63. */
    private static final int LONGEST_NAME = 200;

    /** Number of Event names in memory, which save requests. Forgetting one does no harm. */
    private static final int REMEMBERED = 10_000;

    private final RawClient objects;
    private final Clock clock;
    private final Set<String> said = Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }));

    public EventRecorder(RawClient objects, Clock clock) {
        this.objects = objects;
        this.clock = clock;
    }

    /**
     * @param moment of the stop, start or conflict; tells the Event from those of others
     * @param detail tells Events of the same reason and moment apart
     * @param notes annotations for programs
     */
    public record EventNote(
            boolean warning, String reason, String message, Instant moment, String detail, Map<String, String> notes) {
        public static EventNote normal(String reason, String message, Instant moment) {
            return new EventNote(false, reason, message, moment, "", Map.of());
        }

        /** A warning that is posted once for each message. */
        public static EventNote warning(String reason, String message, Instant moment) {
            return new EventNote(true, reason, message, moment, message, Map.of());
        }

        public EventNote with(String note, String value) {
            return new EventNote(warning, reason, message, moment, detail, Map.of(note, value));
        }
    }

    public enum Result {
        /** Posted, or refused for good: then it is only in the log. */
        POSTED,
        /** Posted before, by this or another process. */
        KNOWN,
        /** The API server is away or busy: the caller should record the Event again later. */
        RETRY
    }

    /** @param object with apiVersion and kind, which items of a list do not have */
    public Result record(Manifest object, EventNote news) {
        String name = name(object, news.reason(), news.moment(), news.detail());
        String remembered = object.namespace() + "/" + name;
        if (said.contains(remembered)) {
            return Result.KNOWN;
        }
        String line = "%s %s %s/%s: %s"
                .formatted(news.reason(), object.kindName(), object.namespace(), object.name(), news.message());
        Result result = Result.POSTED;
        try {
            objects.create(ResourceKind.EVENT, object.namespace(), event(name, object, news));
            LOG.info(line);
        } catch (KubernetesClientException problem) {
            if (problem.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                result = Result.KNOWN;
            } else {
                LOG.warnf("%s (no Event: %s)", line, problem.getMessage());
                result = ApiProblem.isPassing(problem) ? Result.RETRY : Result.POSTED;
            }
        }
        if (result != Result.RETRY) {
            // After the write: without the Lease it throws, and this Event is still to be posted.
            said.add(remembered);
        }
        return result;
    }

    /** Trimtab's Events about an object that the cluster still has. */
    public List<JsonNode> history(Manifest object) {
        return objects
                .listByFields(ResourceKind.EVENT, object.namespace(), "involvedObject.uid=" + uid(object))
                .stream()
                .filter(event -> event.path("metadata").path("annotations").has(EventAnnotations.MOMENT))
                .toList();
    }

    /** Trimtab's Events with a reason, about any object, that the cluster still has. */
    public List<JsonNode> history(String reason) {
        return objects.listByFields(ResourceKind.EVENT, "", "reason=" + reason).stream()
                .filter(event -> event.path("metadata").path("annotations").has(EventAnnotations.MOMENT))
                .toList();
    }

    /** Empty if the Event was never posted, or if the cluster has deleted it. */
    public Optional<ObjectNode> find(Manifest object, String reason, Instant moment) {
        return objects.find(ResourceKind.EVENT, object.namespace(), name(object, reason, moment, ""));
    }

    private ObjectNode event(String name, Manifest object, EventNote news) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", "v1").put("kind", "Event");
        ObjectNode metadata = event.putObject("metadata");
        metadata.put("name", name).put("namespace", object.namespace());
        ObjectNode annotations = metadata.putObject("annotations");
        annotations.put(
                EventAnnotations.MOMENT,
                news.moment().truncatedTo(ChronoUnit.SECONDS).toString());
        news.notes().forEach(annotations::put);
        event.putObject("involvedObject")
                .put("apiVersion", object.apiVersion())
                .put("kind", object.kindName())
                .put("namespace", object.namespace())
                .put("name", object.name())
                .put("uid", uid(object))
                .put(
                        "resourceVersion",
                        object.metadata().path("resourceVersion").asText(""));
        event.put("type", news.warning() ? "Warning" : "Normal")
                .put("reason", news.reason())
                .put("message", shortened(news.message()))
                .put("firstTimestamp", now)
                .put("lastTimestamp", now)
                .put("count", 1);
        event.putObject("source").put("component", "trimtab");
        return event;
    }

    private static String name(Manifest object, String reason, Instant moment, String detail) {
        String what = uid(object) + reason + moment.truncatedTo(ChronoUnit.SECONDS) + detail;
        String base = object.name().length() <= LONGEST_NAME
                ? object.name()
                : object.name().substring(0, LONGEST_NAME);
        return base + "." + UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8));
    }

    private static String uid(Manifest object) {
        return object.metadata().path("uid").asText("");
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST ? message : message.substring(0, LONGEST - 1) + "…";
    }
}
