package dev.trimtab.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.cluster.CurrentSettings;
import dev.trimtab.cluster.CurrentSettings.NotLoadedYet;
import dev.trimtab.review.AdmissionRequest;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.AutoscalerGuard;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.ScheduleReview;
import dev.trimtab.review.StopGuard;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Before anything of the cluster has been read. */
class AdmissionRoutesTest {
    private final Vertx vertx = Vertx.vertx();
    private final AdmissionRoutes routes = new AdmissionRoutes(
            vertx,
            new Reviewer(Reviewer.PLATFORM_NAMESPACES),
            new StopGuard(Reviewer.PLATFORM_NAMESPACES),
            new AutoscalerGuard(Reviewer.PLATFORM_NAMESPACES),
            new PolicyReview("trimtab"),
            new ScheduleReview(),
            new CurrentSettings(),
            new ReviewMetrics(new SimpleMeterRegistry()),
            new Tracing());

    @AfterEach
    void close() {
        vertx.close();
    }

    @Test
    @DisplayName("the guard does not guess: failurePolicy decides")
    void guard() {
        JsonNode review = Reviews.create("ml", Reviews.service("{}"));
        assertThatThrownBy(() -> validate(review)).isInstanceOf(NotLoadedYet.class);
    }

    @Test
    @DisplayName("nor what checks PodAutoscalers: what else scales is not known yet")
    void autoscalers() {
        JsonNode review = Reviews.create("ml", """
                {"apiVersion": "autoscaling.aibrix.ai/v1alpha1", "kind": "PodAutoscaler", "metadata": {"name": "llama"}}
                """);
        assertThatThrownBy(() -> validate(review)).isInstanceOf(NotLoadedYet.class);
    }

    @Test
    @DisplayName("policies are judged all the same")
    void policy() throws Exception {
        JsonNode review = Reviews.create("trimtab", """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "trimtab-policy"}}
                """);
        assertThat(validate(review).toJson().toString()).contains("data has no key");
    }

    private AdmissionResponse validate(JsonNode review) throws MalformedReview {
        AdmissionRoutes.Endpoint validate = routes.new Validate();
        AdmissionRequest request = AdmissionRequest.parse(review);
        return validate.review(request, validate.resolve(request, Duration.ZERO));
    }
}
