/**
 * Trimtab against a real kube-apiserver, with fakes of Knative's webhook and of KServe's reconciler around it. What is
 * registered is {@code deploy/webhook}, and Trimtab calls the API server as the ServiceAccount of {@code 20-rbac.yaml}.
 */
package dev.trimtab.api;
