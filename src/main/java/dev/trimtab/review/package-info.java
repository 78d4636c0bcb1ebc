/** Answers an AdmissionReview with an AdmissionReview. Pure: bytes and clocks stay in the callers. */
package dev.trimtab.review;
