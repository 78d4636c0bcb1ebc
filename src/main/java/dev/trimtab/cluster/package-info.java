/** Keeps policy and cluster configuration current: watches, last good wins, readiness. Decides nothing about a manifest. */
package dev.trimtab.cluster;
