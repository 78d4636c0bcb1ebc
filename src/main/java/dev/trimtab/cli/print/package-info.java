/** What all verbs of the command line share: tables, colours, durations, progress, problems of the input, Ctrl-C. */
package dev.trimtab.cli.print;
