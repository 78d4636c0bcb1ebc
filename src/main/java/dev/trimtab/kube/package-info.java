/** The Kubernetes API, once: resource kinds, a client for raw JSON, watches, Events, and what an error of the API server means. */
package dev.trimtab.kube;
