/**
 * Knative Serving as Trimtab needs it: its Revisions, and values that count as unset. Below: its ConfigMaps ({@code config}),
 * Go's formats ({@code golang}) and the checks of its webhook ({@code validation}). Pure.
 */
package dev.trimtab.knative;
