/** When a ServingSchedule wants its services up, and what to do about each of them now. */
package dev.trimtab.schedule;
