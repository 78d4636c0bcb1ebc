/**
 * The command line: files or a cluster in, text out. A verb that needs no cluster asks no network, and none needs a
 * container. Decides nothing about a manifest.
 */
package dev.trimtab.cli;
