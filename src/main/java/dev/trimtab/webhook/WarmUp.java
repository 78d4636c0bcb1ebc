package dev.trimtab.webhook;

import dev.trimtab.review.AdmissionRequest;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Reviews samples before the port opens, so that the first review does not wait for the JVM. */
public class WarmUp {
    private static final Logger LOG = Logger.getLogger(WarmUp.class);

    /** A replica that is ready late helps nobody either. */
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(100);

    private static final String SERVICE = """
            {"apiVersion": "serving.knative.dev/v1", "kind": "Service",
             "metadata": {"name": "warm-up", "labels": {"serving.kserve.io/inferenceservice": "warm-up"}},
             "spec": {"template": {"metadata": {"annotations": {"autoscaling.knative.dev/initial-scale": "7",
               "autoscaling.knative.dev/max-scale": "3"}},
              "spec": {"containers": [{"image": "example", "resources": {"limits": {"nvidia.com/gpu": "1"}}}]}}}}""";

    private static final String INFERENCE_SERVICE = """
            {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "metadata": {"name": "warm-up"},
             "spec": {"predictor": {"model": {"modelFormat": {"name": "sklearn"}, "storageUri": "gs://example"}}}}""";

    /** AdmissionReviews: a Service, KServe's own write of it again, and an InferenceService. */
    public static final List<String> SAMPLES = List.of(
            sample("CREATE", SERVICE, "null"),
            sample("UPDATE", SERVICE, SERVICE),
            sample("CREATE", INFERENCE_SERVICE, "null"));

    private static String sample(String operation, String object, String stored) {
        return """
                {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "warm-up",
                 "operation": "%s", "namespace": "warm-up", "name": "warm-up", "object": %s, "oldObject": %s}}
                """.formatted(operation, object, stored);
    }

    void warmUp(@Observes StartupEvent start, Reviewer reviewer) throws MalformedReview, Body.TooLarge {
        long begin = System.nanoTime();
        int rounds = 0;
        int characters = 0;
        while (System.nanoTime() - begin < LONGEST) {
            for (String sample : SAMPLES) {
                AdmissionRequest request = AdmissionRequest.parse(Body.parse(sample.getBytes(StandardCharsets.UTF_8)));
                characters += reviewer.answer(request, Settings.DEFAULTS)
                        .toJson()
                        .toString()
                        .length();
            }
            rounds++;
        }
        LOG.debugf("warmed up with %d rounds (%d characters)", rounds, characters);
    }
}
