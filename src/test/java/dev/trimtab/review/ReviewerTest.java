package dev.trimtab.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.webhook.Reviews;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the reviewer makes of requests at the edges. */
class ReviewerTest {
    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);

    @Test
    @DisplayName("a null subResource is none: the object is filled")
    void nullSubResource() throws MalformedReview {
        // Given
        ObjectNode review = Reviews.create("ml", Reviews.service("{}"));
        review.withObject("/request").putNull("subResource");
        // When
        AdmissionResponse answer = reviewer.answer(AdmissionRequest.parse(review), Settings.DEFAULTS);
        // Then
        assertThat(answer.outcome()).isEqualTo("mutated");
    }

    @Test
    @DisplayName("an UPDATE that does not say what is stored is left: filling it could roll a service")
    void updateWithoutOldObject() throws MalformedReview {
        // Given
        ObjectNode review = Reviews.review("UPDATE", "ml", Reviews.service("{}"), null);
        // When
        AdmissionResponse answer = reviewer.answer(AdmissionRequest.parse(review), Settings.DEFAULTS);
        // Then
        assertThat(answer.outcome()).isEqualTo("unchanged");
        assertThat(answer.toJson().at("/response/allowed").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "kube-system, unchanged",
        "own, unchanged",
        "serverless, unchanged",
        "opendatahub, unchanged",
        "trimtab, mutated",
        "knative-serving, mutated",
        "kserve, mutated"
    })
    @DisplayName("the platform's namespaces are left out where they are, and not where they usually are")
    void platformNamespaces(String namespace, String outcome) throws MalformedReview {
        // Given
        Reviewer moved = new Reviewer(Reviewer.platformNamespaces("own", "serverless", "opendatahub"));
        ObjectNode review = Reviews.create(namespace, Reviews.service("{}"));
        // When
        AdmissionResponse answer = moved.answer(AdmissionRequest.parse(review), Settings.DEFAULTS);
        // Then
        assertThat(answer.outcome()).isEqualTo(outcome);
    }

    @Test
    @DisplayName("refusals of several components are told apart")
    void refusalsOfComponents() {
        // Given
        Settings deny = Settings.DEFAULTS.withPolicy(
                PolicyLoader.load("apiVersion: trimtab.dev/v1alpha1\nkind: Policy\nconflicts: Deny\n")
                        .policy()
                        .orElseThrow());
        ObjectNode service = (ObjectNode) Reviews.read("""
                {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
                 "metadata": {"name": "llm", "annotations": {"autoscaling.knative.dev/initial-scale": "7"}},
                 "spec": {"predictor": {"maxReplicas": 3}, "transformer": {"maxReplicas": 2}}}
                """);
        // When
        Review review = reviewer.review(new Manifest(service), Optional.empty(), "ml", deny);
        // Then
        assertThat(review.refusal())
                .isEqualTo("predictor: initial-scale 7 is above max-scale 3: more pods than that would start; "
                        + "transformer: initial-scale 7 is above max-scale 2: more pods than that would start");
    }
}
