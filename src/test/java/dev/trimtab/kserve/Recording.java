package dev.trimtab.kserve;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a real KServe sent for one Knative Service or Deployment, from its creation to a stop and a start.
 *
 * @param version of KServe
 * @param name of the object
 * @param lives in order: each ends with the stop or with the recording
 */
public record Recording(String version, String name, List<Life> lives) {
    public static final List<String> VERSIONS = List.of("v0.14.1", "v0.15.2", "v0.17.0", "v0.20.0");

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * From one creation of an object to its deletion.
     *
     * @param created as sent
     * @param rendered as sent in the dry-run UPDATE of each reconcile, which begins with KServe's own template; exact
     *     repeats are left out, and so are the retries after a conflict
     */
    public record Life(ObjectNode created, List<ObjectNode> rendered) {}

    /** The Knative Services of a version of KServe. Skips the test where there are no recordings. */
    public static List<Recording> knativeServices(String version) {
        return of(version, "services");
    }

    /** The Deployments of Standard mode. */
    public static List<Recording> deployments(String version) {
        return of(version, "deployments");
    }

    private static List<Recording> of(String version, String resource) {
        List<Recording> recordings = new ArrayList<>();
        for (JsonNode entry : read(version)) {
            if (entry.path("resource").asText().equals(resource)) {
                recordings.add(new Recording(version, entry.path("name").asText(), lives(entry.path("requests"))));
            }
        }
        return recordings;
    }

    private static JsonNode read(String version) {
        String directory = System.getProperty("corpus.dir", "");
        assumeTrue(
                !directory.isEmpty(), "no recordings of KServe: set -Dcorpus.dir to the folder with kserve-recorded");
        Path file = Path.of(directory, "kserve-recorded", version + ".json");
        try {
            return JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Life> lives(JsonNode requests) {
        List<Life> lives = new ArrayList<>();
        boolean patched = false;
        for (JsonNode request : requests) {
            String verb = request.path("verb").asText();
            JsonNode object = request.path("object");
            if (verb.equals("create")) {
                lives.add(new Life((ObjectNode) object, new ArrayList<>()));
                patched = false;
            } else if (request.path("dryRun").asBoolean() && !isAnswer(object)) {
                lives.get(lives.size() - 1).rendered().add((ObjectNode) object);
                patched = false;
            } else if (verb.equals("patch")) {
                if (patched) {
                    repeat(lives.get(lives.size() - 1).rendered());
                }
                patched = true;
            }
        }
        if (lives.size() == 1) {
            // The start after a stop sent the same as before, and repeats are left out.
            List<ObjectNode> rendered = lives.get(0).rendered();
            ObjectNode last = rendered.isEmpty() ? lives.get(0).created() : rendered.get(rendered.size() - 1);
            lives.add(new Life(withoutAnswers(last, lives.get(0).created()), new ArrayList<>(rendered)));
        }
        return lives;
    }

    /**
     * After a conflict KServe sends what its dry-run was answered, which is of the cluster it was recorded on. Of its own
     * KServe never writes this field.
     */
    private static boolean isAnswer(JsonNode object) {
        return object.at("/spec/template/spec").has("enableServiceLinks");
    }

    /** A patch without a dry-run before it: the dry-run was a repeat of the one before the last. */
    private static void repeat(List<ObjectNode> rendered) {
        rendered.add(rendered.get(rendered.size() - 2));
    }

    /** What KServe creates has no annotations of a stored object. */
    private static ObjectNode withoutAnswers(ObjectNode rendered, ObjectNode created) {
        ObjectNode copy = rendered.deepCopy();
        copy.set("metadata", created.path("metadata").deepCopy());
        return copy;
    }

    @Override
    public String toString() {
        return version + " " + name;
    }
}
