/**
 * The admin's policy: what it says, how its text is read, and what it comes to for one object. Pure: text in, records
 * out; who reads the ConfigMap and when is the business of {@code dev.trimtab.cluster}. For users: docs/policy.md.
 */
package dev.trimtab.policy;
