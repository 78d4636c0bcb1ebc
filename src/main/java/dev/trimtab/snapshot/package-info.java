/**
 * What a review knows besides the object, at one moment: {@link dev.trimtab.snapshot.Settings} with the policy,
 * Knative's configuration and the state of the cluster. Pure and immutable. {@code dev.trimtab.cluster} keeps the
 * current snapshot.
 */
package dev.trimtab.snapshot;
