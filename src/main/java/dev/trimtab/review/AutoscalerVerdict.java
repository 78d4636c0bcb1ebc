package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.aibrix.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is said to an AdmissionReview of a PodAutoscaler.
 *
 * @param uid of the request
 * @param operation of the request, as the API server names it
 * @param namespace of the object
 * @param name of the object
 * @param refusals why it must not be stored
 * @param warnings what its author should know
 * @param enforced whether it is refused; in Audit mode that is only said
 */
public record AutoscalerVerdict(
        String uid,
        String operation,
        String namespace,
        String name,
        List<Problem> refusals,
        List<Problem> warnings,
        boolean enforced) {
    private static final int STATUS_FORBIDDEN = 403;

    /** Kubernetes cuts a warning at 256 characters (Dynamic Admission Control). */
    private static final int LONGEST = 256;

    public AutoscalerVerdict {
        refusals = List.copyOf(refusals);
        warnings = List.copyOf(warnings);
    }

    public boolean isAllowed() {
        return refusals.isEmpty() || !enforced;
    }

    /** One word for metrics and the log: allowed, denied or warned. */
    public String outcome() {
        if (!isAllowed()) {
            return "denied";
        }
        return refusals.isEmpty() && warnings.isEmpty() ? "allowed" : "warned";
    }

    /** The AdmissionReview to send back. */
    public ObjectNode toJson() {
        ObjectNode json = Answer.envelope(uid, isAllowed());
        ObjectNode response = (ObjectNode) json.get("response");
        if (!isAllowed()) {
            Answer.refuse(response, STATUS_FORBIDDEN, "trimtab: " + refusal());
        }
        ArrayNode lines = response.arrayNode();
        said().forEach(lines::add);
        if (!lines.isEmpty()) {
            response.set("warnings", lines);
        }
        return json;
    }

    /** Why it is refused; empty where it is not. */
    public String refusal() {
        return isAllowed() ? "" : refusals.stream().map(AutoscalerVerdict::text).collect(Collectors.joining("; "));
    }

    /** The warnings as the author sees them. */
    public List<String> said() {
        List<String> lines = new ArrayList<>();
        if (isAllowed()) {
            refusals.forEach(
                    it -> lines.add(Warnings.shortened("trimtab: (audit) would refuse: " + text(it), LONGEST)));
        }
        warnings.forEach(it -> lines.add(Warnings.shortened("trimtab: " + text(it), LONGEST)));
        return lines;
    }

    private static String text(Problem problem) {
        return problem.text() + " (" + problem.check() + ")";
    }
}
