/** Keeps policy and cluster configuration current: watches, settings in force, readiness. Judges no manifest. */
package dev.trimtab.cluster;
