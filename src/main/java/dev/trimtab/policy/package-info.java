/**
 * The admin's policy: its values, how its text is read, and the policy of one object. Pure: text in, records out.
 * {@code dev.trimtab.cluster} reads the ConfigMap. For users: docs/policy.md.
 */
package dev.trimtab.policy;
