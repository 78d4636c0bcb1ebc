/**
 * Everything that a review knows besides the object: {@link dev.trimtab.snapshot.Settings}, the policy, Knative's
 * configuration and what runs, at one moment. Pure and immutable; {@code dev.trimtab.cluster} keeps the current one.
 */
package dev.trimtab.snapshot;
