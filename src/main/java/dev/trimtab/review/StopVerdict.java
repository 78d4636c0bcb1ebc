package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What the stop guard says to an AdmissionReview.
 *
 * @param uid of the request
 * @param operation of the request, as the API server names it
 * @param kind of the object, as it names it itself
 * @param namespace of the object
 * @param name of the object
 * @param refusal why it must not be stored; empty where it may
 * @param enforced whether it is refused; in Audit mode that is only said
 */
public record StopVerdict(
        String uid, String operation, String kind, String namespace, String name, String refusal, boolean enforced) {
    private static final int STATUS_FORBIDDEN = 403;

    public boolean isAllowed() {
        return refusal.isEmpty() || !enforced;
    }

    /** One word for metrics and the log: allowed, denied, or warned in Audit mode. */
    public String outcome() {
        if (refusal.isEmpty()) {
            return "allowed";
        }
        return enforced ? "denied" : "warned";
    }

    /** The AdmissionReview to send back. */
    public ObjectNode toJson() {
        ObjectNode json = Answer.envelope(uid, isAllowed());
        ObjectNode response = (ObjectNode) json.get("response");
        if (!isAllowed()) {
            Answer.refuse(response, STATUS_FORBIDDEN, "trimtab: " + refusal);
        } else if (!refusal.isEmpty()) {
            response.putArray("warnings").add(Warnings.shortened("trimtab: (audit) would refuse: " + refusal));
        }
        return json;
    }
}
