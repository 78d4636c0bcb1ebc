/** Stops and starts services by ServingSchedules. */
package dev.trimtab.controller.schedule;
