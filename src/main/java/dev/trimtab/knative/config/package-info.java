/** Knative's ConfigMaps: limits, defaults and feature flags, read as Knative reads them. Pure. */
package dev.trimtab.knative.config;
