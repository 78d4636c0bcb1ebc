package dev.trimtab.rules;

/** What is known of a pod spec, and so what may be filled in it. */
public enum PodSpec {
    /** All of it. */
    WHOLE,
    /** All of it, and it must stay as it is: Knative compares it with a Revision that may still exist. */
    FIXED,
    /** A forecast from an InferenceService: the author's containers, without what a runtime adds. */
    FORECAST
}
