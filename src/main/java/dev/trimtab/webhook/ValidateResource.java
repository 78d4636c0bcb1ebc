package dev.trimtab.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cluster.CurrentSettings;
import dev.trimtab.review.MalformedReview;
import dev.trimtab.review.PolicyReview;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** {@code POST /validate}: refuses a policy ConfigMap that could not be loaded, a namespace's too, and allows everything else. */
@Path("/validate")
public class ValidateResource {
    private final PolicyReview policies;
    private final CurrentSettings settings;

    ValidateResource(PolicyReview policies, CurrentSettings settings) {
        this.policies = policies;
        this.settings = settings;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response validate(byte[] body) throws MalformedReview, Body.TooLarge {
        ObjectNode answer = policies.answer(Body.parse(body), settings.policy());
        return Response.ok(answer.toString()).build();
    }
}
