package dev.trimtab.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cluster.CurrentSettings;
import dev.trimtab.review.AutoscalerGuard;
import dev.trimtab.review.AutoscalerVerdict;
import dev.trimtab.review.MalformedReview;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.review.Settings;
import dev.trimtab.review.StopGuard;
import dev.trimtab.review.StopVerdict;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;

/**
 * {@code POST /validate}: refuses a policy ConfigMap that could not be loaded, a namespace's too, what KServe would start the
 * pods of a stopped service with, and a PodAutoscaler of AIBrix that cannot work; allows everything else.
 */
@Path("/validate")
public class ValidateResource {
    /** As in MutateResource: KServe acts on an annotation at about the time at which our watch tells of it. */
    private static final Duration LONGEST_WAIT_FOR_STOP = Duration.ofSeconds(1);

    private final PolicyReview policies;
    private final StopGuard guard;
    private final AutoscalerGuard autoscalers;
    private final CurrentSettings settings;
    private final ReviewJournal journal;

    ValidateResource(
            PolicyReview policies,
            StopGuard guard,
            AutoscalerGuard autoscalers,
            CurrentSettings settings,
            ReviewJournal journal) {
        this.policies = policies;
        this.guard = guard;
        this.autoscalers = autoscalers;
        this.settings = settings;
        this.journal = journal;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response validate(byte[] body) throws MalformedReview, Body.TooLarge {
        JsonNode review = Body.parse(body);
        return Response.ok(answer(review).toString()).build();
    }

    private ObjectNode answer(JsonNode review) throws MalformedReview {
        if (StopGuard.isFor(review)) {
            return guarded(review);
        }
        return AutoscalerGuard.isFor(review) ? checked(review) : policies.answer(review, settings.policy());
    }

    private ObjectNode guarded(JsonNode review) throws MalformedReview {
        Settings snapshot = settings.await(known -> !guard.lacksStop(review, known), LONGEST_WAIT_FOR_STOP);
        StopVerdict verdict = guard.answer(review, snapshot);
        journal.enter(verdict);
        return verdict.toJson();
    }

    private ObjectNode checked(JsonNode review) throws MalformedReview {
        AutoscalerVerdict verdict = autoscalers.answer(review, settings.get());
        journal.enter(verdict);
        return verdict.toJson();
    }
}
