/**
 * Keeps policy and cluster configuration current: watches, settings in force, readiness. Decides nothing on manifests.
 */
package dev.trimtab.cluster;
