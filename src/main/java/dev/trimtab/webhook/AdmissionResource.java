package dev.trimtab.webhook;

import dev.trimtab.cluster.CurrentSettings;
import dev.trimtab.review.AdmissionRequest;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.AutoscalerGuard;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.StopGuard;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.function.Function;

/** Answers {@code admission.k8s.io/v1} AdmissionReviews. */
@Path("/")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
public class AdmissionResource {
    /**
     * KServe may act on an InferenceService before our watch reports it, so a review waits for the watch. The wait is
     * well below the webhook's timeoutSeconds of 3, after which the API server goes on without an answer.
     */
    private static final Duration LONGEST_WAIT_FOR_WATCH = Duration.ofSeconds(1);

    private final Reviewer reviewer;
    private final StopGuard stopGuard;
    private final AutoscalerGuard autoscalers;
    private final PolicyReview policies;
    private final CurrentSettings settings;
    private final ReviewMetrics journal;

    AdmissionResource(
            Reviewer reviewer,
            StopGuard stopGuard,
            AutoscalerGuard autoscalers,
            PolicyReview policies,
            CurrentSettings settings,
            ReviewMetrics journal) {
        this.reviewer = reviewer;
        this.stopGuard = stopGuard;
        this.autoscalers = autoscalers;
        this.policies = policies;
        this.settings = settings;
        this.journal = journal;
    }

    @POST
    @Path("mutate")
    public Response mutate(byte[] body) throws MalformedReview, Body.TooLarge {
        return answer(
                body,
                request -> reviewer.answer(
                        request,
                        settings.await(known -> !reviewer.lacksModelFormat(request, known), LONGEST_WAIT_FOR_WATCH)));
    }

    /**
     * Serves namespaces with the label {@code trimtab.dev/ignore}: restores recorded values and fills nothing new.
     * These namespaces need their own path, because a review does not contain the labels of its namespace.
     */
    @POST
    @Path("replay")
    public Response replay(byte[] body) throws MalformedReview, Body.TooLarge {
        return answer(body, request -> reviewer.replay(request, settings.get()));
    }

    /**
     * Refuses invalid policy ConfigMaps, and PodAutoscalers of AIBrix that cannot work. Also refuses Services and
     * Deployments with which KServe would start the pods of a stopped service.
     */
    @POST
    @Path("validate")
    public Response validate(byte[] body) throws MalformedReview, Body.TooLarge {
        return answer(body, request -> switch (request.kind()) {
            case "Service", "Deployment" ->
                stopGuard.answer(
                        request, settings.await(known -> !stopGuard.lacksStop(request, known), LONGEST_WAIT_FOR_WATCH));
            case "PodAutoscaler" -> autoscalers.answer(request, settings.get());
            default -> policies.answer(request, settings.policy());
        });
    }

    private Response answer(byte[] body, Function<AdmissionRequest, AdmissionResponse> review)
            throws MalformedReview, Body.TooLarge {
        long start = System.nanoTime();
        AdmissionRequest request = AdmissionRequest.parse(Body.parse(body));
        AdmissionResponse response = review.apply(request);
        journal.enter(response, System.nanoTime() - start);
        return Response.ok(response.toJson().toString()).build();
    }
}
