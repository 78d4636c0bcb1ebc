/** {@code trimtab doctor}: reads a cluster once, and judges the readings by pure checks. */
package dev.trimtab.cli.doctor;
