package dev.trimtab.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.cluster.CurrentSettings;
import dev.trimtab.review.Answer;
import dev.trimtab.review.MalformedReview;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.Settings;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;

/** {@code POST /mutate}: takes and returns an {@code admission.k8s.io/v1} AdmissionReview. */
@Path("/mutate")
public class MutateResource {
    /**
     * KServe renders a Service moments after it has seen an InferenceService; our watch tells of it at about the same
     * time. Well below the webhook's timeoutSeconds of 3, after which the Service would not be filled at all.
     */
    private static final Duration LONGEST_WAIT_FOR_MODEL_FORMAT = Duration.ofSeconds(1);

    private final Reviewer reviewer;
    private final CurrentSettings settings;
    private final ReviewJournal journal;

    MutateResource(Reviewer reviewer, CurrentSettings settings, ReviewJournal journal) {
        this.reviewer = reviewer;
        this.settings = settings;
        this.journal = journal;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response mutate(byte[] body) throws MalformedReview, Body.TooLarge {
        long start = System.nanoTime();
        JsonNode review = Body.parse(body);
        Settings snapshot =
                settings.await(known -> !reviewer.lacksModelFormat(review, known), LONGEST_WAIT_FOR_MODEL_FORMAT);
        Answer answer = reviewer.answer(review, snapshot);
        journal.enter(answer, System.nanoTime() - start);
        return Response.ok(answer.toJson().toString()).build();
    }
}
