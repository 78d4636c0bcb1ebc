/** The verbs that work on files and need no cluster: preview, check, fix and lint. */
package dev.trimtab.cli.manifests;
