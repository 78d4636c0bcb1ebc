/** The verbs about the command line itself: its version, completion in a shell, manual pages. */
package dev.trimtab.cli.help;
