/** How Go reads and prints numbers, booleans and durations, because Knative does so. Pure. */
package dev.trimtab.knative.golang;
