/**
 * A port of the checks of Knative's webhook (docs/adr/0006). It checks what no webhook can: files, and what KServe will
 * render. Pure.
 */
package dev.trimtab.knative.validation;
