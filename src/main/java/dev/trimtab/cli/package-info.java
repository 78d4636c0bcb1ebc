/**
 * The command line: files or a cluster in, text out. A verb that needs no cluster uses no network. Only {@code serve}
 * starts Quarkus. Decides nothing about a manifest.
 */
package dev.trimtab.cli;
