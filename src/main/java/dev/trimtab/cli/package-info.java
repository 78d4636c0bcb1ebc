/** The command line: files in, text out. Needs no network and no container; decides nothing about a manifest. */
package dev.trimtab.cli;
