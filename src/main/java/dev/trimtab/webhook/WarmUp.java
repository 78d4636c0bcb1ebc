package dev.trimtab.webhook;

import dev.trimtab.review.AdmissionRequest;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import org.jboss.logging.Logger;

/** Reviews a sample before the port opens, so that the first review does not wait for the JVM. */
public class WarmUp {
    private static final Logger LOG = Logger.getLogger(WarmUp.class);
    private static final int ROUNDS = 300;

    private static final String SAMPLE = """
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
              "uid": "warm-up", "operation": "CREATE", "namespace": "warm-up", "name": "warm-up",
              "object": {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "warm-up"},
                "spec": {"template": {"metadata": {"annotations": {"autoscaling.knative.dev/initial-scale": "7",
                  "autoscaling.knative.dev/max-scale": "3"}}, "spec": {"containers": [{"image": "example"}]}}}}}}
            """;

    void warmUp(@Observes StartupEvent start, Reviewer reviewer) throws MalformedReview, Body.TooLarge {
        byte[] sample = SAMPLE.getBytes(StandardCharsets.UTF_8);
        long begin = System.nanoTime();
        int characters = 0;
        for (int round = 0; round < ROUNDS; round++) {
            AdmissionRequest request = AdmissionRequest.parse(Body.parse(sample));
            characters += reviewer.answer(request, Settings.DEFAULTS)
                    .toJson()
                    .toString()
                    .length();
        }
        LOG.debugf("warmed up in %d ms (%d characters)", (System.nanoTime() - begin) / 1_000_000, characters);
    }
}
