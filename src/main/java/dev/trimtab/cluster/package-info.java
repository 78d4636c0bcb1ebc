/** Keeps policy and cluster configuration current: watches, what is in force, readiness. Decides nothing about a manifest. */
package dev.trimtab.cluster;
