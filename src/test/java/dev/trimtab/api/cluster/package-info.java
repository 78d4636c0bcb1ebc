/**
 * Trimtab on a real Kubernetes with the real Knative ({@code test-cluster/}), and fakes of KServe around it. What is
 * compared is what the API server stores.
 */
package dev.trimtab.api.cluster;
