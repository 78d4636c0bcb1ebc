package dev.trimtab.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.golden.GoldenCase.Printed;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.MatchConditions;
import dev.trimtab.review.Requests;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The directories below {@code src/test/resources/golden}: one manifest each, and what becomes of it and why. {@code mvn
 * test -Dtest=GoldenTest -Dgolden.update=true} writes {@code out.yaml} and {@code explain.txt} anew; read the difference.
 */
class GoldenTest {
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    private static final MatchConditions CONDITIONS = MatchConditions.mutating();

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);

    @TestFactory
    Stream<DynamicContainer> golden() {
        return GoldenCase.all().stream().map(it -> dynamicContainer(it.name(), checks(it)));
    }

    @Test
    @DisplayName("no file is unused")
    void noFileIsUnused() {
        for (GoldenCase golden : GoldenCase.all()) {
            Set<String> files = new HashSet<>();
            for (Path file : GoldenCase.children(golden.directory())) {
                files.add(file.getFileName().toString());
            }
            assertThat(files).as(golden.name()).containsAll(GoldenCase.REQUIRED);
            files.removeAll(GoldenCase.REQUIRED);
            files.removeAll(GoldenCase.OPTIONAL);
            assertThat(files).as(golden.name()).isEmpty();
        }
    }

    private Stream<DynamicTest> checks(GoldenCase it) {
        Printed yaml = it.preview("yaml");
        // The explanation, and below it the warnings that the author sees.
        String explanation = it.preview("explain").out() + yaml.err();
        if (UPDATE) {
            it.write("out.yaml", yaml.out());
            it.write("explain.txt", explanation);
        }
        return Stream.of(
                dynamicTest("output", () -> output(it, yaml)),
                dynamicTest("explanation", () -> assertThat(explanation).isEqualTo(it.text("explain.txt"))),
                dynamicTest("patch", () -> patch(it)),
                dynamicTest("idempotent", () -> idempotent(it)),
                dynamicTest("what the API server does not ask about", () -> leftOut(it)),
                dynamicTest("accepted by Knative", () -> accepted(it)));
    }

    private void output(GoldenCase it, Printed yaml) {
        assertThat(yaml.code()).isZero();
        assertThat(yaml.out()).isEqualTo(it.text("out.yaml"));
        AdmissionResponse answer = review(it.in(), it.old(), it.settings());
        if (answer.review().isAllowed()) {
            assertThat(answer.review().result()).isEqualTo(it.out());
        } else {
            assertThat(it.out()).as("a refused object is left as it is").isEqualTo(it.in());
        }
    }

    private void patch(GoldenCase it) {
        ObjectNode sent = it.in();
        AdmissionResponse answer = review(sent, it.old(), it.settings());
        assertThat(sent).as("the reviewed object itself").isEqualTo(it.in());
        assertThat(Requests.patched(sent, answer)).isEqualTo(it.out());
        assertThat(answer.review().warnings())
                .allSatisfy(line -> assertThat(line).startsWith("trimtab: ").hasSizeLessThanOrEqualTo(120));
    }

    /** The API server may ask again, and the next UPDATE has this result for its old object. */
    private void idempotent(GoldenCase it) {
        for (Optional<ObjectNode> old : List.of(it.old(), Optional.of(it.out()))) {
            assertThat((Object) review(it.out(), old, it.settings()).patch())
                    .isEqualTo(Pointers.diff(it.out(), it.out()));
        }
    }

    /** The matchConditions of deploy/webhook leave out only what has no answer but "as sent". */
    private void leftOut(GoldenCase it) {
        JsonNode annotations = it.in().at("/metadata/annotations");
        if (!annotations.isMissingNode() && !annotations.isObject()) {
            // The API server stores no such object.
            return;
        }
        for (ObjectNode sent : List.of(it.in(), it.out())) {
            for (Optional<ObjectNode> old : List.of(it.old(), Optional.of(it.in()), Optional.of(it.out()))) {
                if (CONDITIONS.asked(Requests.of(sent, old, false)).isEmpty()) {
                    AdmissionResponse answer = review(sent, old, it.settings());
                    assertThat((Object) answer.patch()).isEqualTo(Pointers.diff(sent, sent));
                    assertThat(answer.review().warnings()).isEmpty();
                    assertThat(answer.isAllowed()).isTrue();
                }
            }
        }
    }

    private static void accepted(GoldenCase it) {
        if (new Manifest(it.in()).kind() == Kind.KNATIVE_SERVICE
                && verdict(it, it.in()).isEmpty()) {
            assertThat(verdict(it, it.out())).isEmpty();
        }
    }

    private static List<String> verdict(GoldenCase it, ObjectNode service) {
        return it.old()
                .map(old -> ServiceRules.onUpdate(service, old, it.settings().knative()))
                .orElseGet(() -> ServiceRules.onCreate(service, it.settings().knative()));
    }

    private AdmissionResponse review(ObjectNode object, Optional<ObjectNode> stored, Settings settings) {
        return Requests.send(reviewer, Requests.of(object, stored, false), settings);
    }
}
