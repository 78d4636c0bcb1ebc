/** The verbs that compare a cluster with the policy: scan, refresh and leave. */
package dev.trimtab.cli.live;
