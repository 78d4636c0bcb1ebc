/** Verbs about ServingSchedules. */
package dev.trimtab.cli.schedule;
