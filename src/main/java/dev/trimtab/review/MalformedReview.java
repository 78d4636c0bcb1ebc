package dev.trimtab.review;

/** A body that is no AdmissionReview v1. The message is one line for the caller: what is wrong, and where. */
public final class MalformedReview extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedReview(String message) {
        super(message);
    }
}
