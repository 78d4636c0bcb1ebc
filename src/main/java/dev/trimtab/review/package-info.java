/** AdmissionReview in, AdmissionReview out. Pure: bytes and clocks stay in the faces. */
package dev.trimtab.review;
