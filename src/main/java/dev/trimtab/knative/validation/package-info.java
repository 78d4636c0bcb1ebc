/**
 * A port of the checks of Knative's webhook, for what no webhook can answer: files, and forecasts of what KServe will
 * render (docs/adr/0006). Pure.
 */
package dev.trimtab.knative.validation;
