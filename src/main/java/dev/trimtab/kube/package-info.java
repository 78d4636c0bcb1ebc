/**
 * The Kubernetes API: resource kinds, a client for raw JSON, watches, Events, and the meaning of the API server's
 * errors.
 */
package dev.trimtab.kube;
