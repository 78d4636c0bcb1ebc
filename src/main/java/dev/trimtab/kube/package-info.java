/** The Kubernetes API: resource kinds, a client for raw JSON, watches, Events, and errors of the API server. */
package dev.trimtab.kube;
