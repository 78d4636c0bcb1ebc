package dev.trimtab.api.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Installation;
import dev.trimtab.api.cluster.Kubectl;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.cluster.Tls;
import dev.trimtab.cli.Cli;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.Requests;
import io.fabric8.zjsonpatch.JsonPatch;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The running webhook's answer to what kubectl sends is what {@code preview -o json} prints, for every file of the corpus. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class OfflineOnlineTest extends ApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** 3 and 3.0 are one value. */
    private static final Comparator<JsonNode> BY_VALUE = (one, other) -> one.isNumber() && other.isNumber()
            ? one.decimalValue().compareTo(other.decimalValue())
            : one.equals(other) ? 0 : 1;

    @Test
    @DisplayName("each object of each file that both can read")
    void same() throws IOException, InterruptedException {
        cluster.hpa(true);
        HttpClient client = HttpClient.newBuilder()
                .sslContext(Tls.trusting(cluster.certificates))
                .build();
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (Path file : files()) {
            Cli preview = Cli.run("preview", "-f", file.toString(), "-o", "json");
            Kubectl.Printed sent = cluster.kubectl.run(
                    "",
                    List.of("patch", "--local", "--type", "merge", "-p", "{}", "-f", file.toString(), "-o", "json"));
            if (preview.code() != 0 || sent.exitCode() != 0 || isLeft(preview)) {
                continue;
            }
            List<ObjectNode> online = objects(sent.out());
            List<ObjectNode> offline = objects(preview.out());
            assertThat(offline).as("%s", file).hasSameSizeAs(online);
            for (int i = 0; i < online.size(); i++) {
                if (isReviewed(online.get(i))) {
                    compared++;
                    ObjectNode answer = answer(client, online.get(i));
                    if (!offline.get(i).equals(BY_VALUE, answer)) {
                        differences.add("%s%n  preview: %s%n  webhook: %s".formatted(file, offline.get(i), answer));
                    }
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(compared).isGreaterThan(100);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(Installation.corpus())) {
            return all.filter(it -> it.toString().matches(".*\\.(yaml|json)")
                            && !it.toString().contains("recorded"))
                    .filter(it -> !it.endsWith("knative-answers.json"))
                    .sorted()
                    .toList();
        }
    }

    /** No whole object: preview says so and does nothing, and the API server would refuse it. */
    private static boolean isLeft(Cli preview) {
        return preview.errors().stream().anyMatch(line -> line.contains("left unchanged"));
    }

    private static boolean isReviewed(ObjectNode object) {
        return new Manifest(object).kind() != Kind.OTHER;
    }

    private static List<ObjectNode> objects(String printed) throws IOException {
        List<ObjectNode> objects = new ArrayList<>();
        for (JsonNode document :
                JSON.readerFor(JsonNode.class).<JsonNode>readValues(printed).readAll()) {
            if (document.path("items").isArray()) {
                document.path("items").forEach(it -> objects.add((ObjectNode) it));
            } else {
                objects.add((ObjectNode) document);
            }
        }
        // kubectl sends these, and does not print them.
        objects.forEach(it -> it.withObject("/metadata").remove("managedFields"));
        return objects;
    }

    /** The object as the API server would have it after the webhook's answer. */
    private ObjectNode answer(HttpClient client, ObjectNode object) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(mutate.toString()))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        Requests.of(object, Optional.empty(), false).toString()))
                .build();
        JsonNode response = JSON.readTree(
                        client.send(request, BodyHandlers.ofString()).body())
                .path("response");
        assertThat(response.path("allowed").asBoolean()).as("%s", response).isTrue();
        JsonNode patch = response.path("patch");
        return patch.isMissingNode()
                ? object
                : (ObjectNode) JsonPatch.apply(JSON.readTree(patch.binaryValue()), object.deepCopy());
    }
}
