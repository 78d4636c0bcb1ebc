/**
 * Knative's Revisions, and values that count as unset. Subpackages: Knative's ConfigMaps ({@code config}), Go's formats
 * ({@code golang}) and the checks of Knative's webhook ({@code validation}). Pure.
 */
package dev.trimtab.knative;
