package dev.trimtab.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.cluster.CurrentSettings;
import dev.trimtab.cluster.NotLoadedYet;
import dev.trimtab.review.AutoscalerGuard;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.StopGuard;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Before anything of the cluster has been read. */
class AdmissionResourceTest {
    private final AdmissionResource resource = new AdmissionResource(
            new Reviewer(Reviewer.PLATFORM_NAMESPACES),
            new StopGuard(Reviewer.PLATFORM_NAMESPACES),
            new AutoscalerGuard(Reviewer.PLATFORM_NAMESPACES),
            new PolicyReview("trimtab"),
            new CurrentSettings(),
            new ReviewMetrics(new SimpleMeterRegistry()));

    @Test
    @DisplayName("the guard does not guess: failurePolicy decides")
    void guard() {
        byte[] review = body(Reviews.create("ml", Reviews.service("{}")));
        assertThatThrownBy(() -> resource.validate(review)).isInstanceOf(NotLoadedYet.class);
    }

    @Test
    @DisplayName("nor what checks PodAutoscalers: what else scales is not known yet")
    void autoscalers() {
        byte[] review = body(Reviews.create("ml", """
                {"apiVersion": "autoscaling.aibrix.ai/v1alpha1", "kind": "PodAutoscaler", "metadata": {"name": "llama"}}
                """));
        assertThatThrownBy(() -> resource.validate(review)).isInstanceOf(NotLoadedYet.class);
    }

    @Test
    @DisplayName("policies are judged all the same")
    void policy() throws Exception {
        byte[] review = body(Reviews.create("trimtab", """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "trimtab-policy"}}
                """));
        assertThat(resource.validate(review).getEntity()).asString().contains("data has no key");
    }

    private static byte[] body(Object review) {
        return review.toString().getBytes(StandardCharsets.UTF_8);
    }
}
