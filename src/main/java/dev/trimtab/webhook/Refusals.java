package dev.trimtab.webhook;

import dev.trimtab.cluster.CurrentSettings.NotLoadedYet;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns errors into one line for the caller, never a stack trace. */
public class Refusals {
    private static final Logger LOG = Logger.getLogger(Refusals.class);

    @ServerExceptionMapper
    Response malformed(MalformedReview problem) {
        LOG.debugf("refused a request: %s", problem.getMessage());
        return line(Response.Status.BAD_REQUEST, problem.getMessage());
    }

    @ServerExceptionMapper
    Response tooLarge(Body.TooLarge problem) {
        return line(Response.Status.REQUEST_ENTITY_TOO_LARGE, problem.getMessage());
    }

    /** Unknown path or method. */
    @ServerExceptionMapper
    Response notHere(WebApplicationException problem) {
        int status = problem.getResponse().getStatus();
        return line(Response.Status.fromStatusCode(status), "POST an AdmissionReview to /mutate or /validate");
    }

    /** The policy is not read yet. The API server's failurePolicy decides, as it does without an answer. */
    @ServerExceptionMapper
    Response notLoadedYet(NotLoadedYet problem) {
        return line(Response.Status.SERVICE_UNAVAILABLE, problem.getMessage());
    }

    /** A bug in Trimtab. Nothing was changed, and the API server's failurePolicy decides. */
    @ServerExceptionMapper
    Response internal(RuntimeException bug) {
        LOG.error("a review failed, which is a bug of Trimtab; the API server's failurePolicy decides", bug);
        return line(Response.Status.INTERNAL_SERVER_ERROR, "internal error, the reason is in Trimtab's log");
    }

    private static Response line(Response.Status status, String message) {
        return Response.status(status)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity("trimtab: " + message + "\n")
                .build();
    }
}
