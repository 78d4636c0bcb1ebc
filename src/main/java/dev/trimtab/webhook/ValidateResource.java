package dev.trimtab.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.review.MalformedReview;
import dev.trimtab.review.PolicyReview;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** {@code POST /validate}: refuses a policy ConfigMap that could not be loaded, and allows everything else. */
@Path("/validate")
public class ValidateResource {
    private final PolicyReview policies;

    ValidateResource(PolicyReview policies) {
        this.policies = policies;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response validate(byte[] body) throws MalformedReview, Body.TooLarge {
        ObjectNode answer = policies.answer(Body.parse(body));
        return Response.ok(answer.toString()).build();
    }
}
