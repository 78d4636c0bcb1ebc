/** Shared by all verbs of the command line: tables, colours, durations, progress, problems of the input, Ctrl-C. */
package dev.trimtab.cli.print;
