/** The verbs about ServingSchedules. */
package dev.trimtab.cli.schedule;
