package dev.trimtab.webhook;

import dev.trimtab.cluster.CurrentSettings;
import dev.trimtab.review.Answer;
import dev.trimtab.review.MalformedReview;
import dev.trimtab.review.Reviewer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * {@code POST /replay}: for namespaces with the label {@code trimtab.dev/ignore}. As {@code /mutate}, but gives back what
 * is recorded and fills nothing new. A review does not say what labels a namespace has, so it is the path that tells.
 */
@Path("/replay")
public class ReplayResource {
    private final Reviewer reviewer;
    private final CurrentSettings settings;
    private final ReviewJournal journal;

    ReplayResource(Reviewer reviewer, CurrentSettings settings, ReviewJournal journal) {
        this.reviewer = reviewer;
        this.settings = settings;
        this.journal = journal;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response replay(byte[] body) throws MalformedReview, Body.TooLarge {
        long start = System.nanoTime();
        Answer answer = reviewer.replay(Body.parse(body), settings.get());
        journal.enter(answer, System.nanoTime() - start);
        return Response.ok(answer.toJson().toString()).build();
    }
}
