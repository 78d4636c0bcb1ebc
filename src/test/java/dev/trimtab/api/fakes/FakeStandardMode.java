package dev.trimtab.api.fakes;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Optional;

/**
 * KServe's reconcile of a Deployment in Standard mode (kserve 0.20, deployment_reconciler.go): create it where there is
 * none; else a dry-run UPDATE of the Deployment as KServe renders it, a comparison of the answer's spec with the stored
 * one's, but for the replicas, and, only where they differ, a strategic merge patch with the whole answer.
 */
public record FakeStandardMode(Api api, KubernetesClient client) {
    private static final int ATTEMPTS = 20;

    /** One round; whether anything was written. */
    public boolean reconcile(ObjectNode rendered) {
        for (int attempt = 1; ; attempt++) {
            try {
                return reconcileOnce(rendered);
            } catch (KubernetesClientException conflict) {
                // As KServe does: its patch holds the version that it has read.
                if (conflict.getCode() != 409 || attempt == ATTEMPTS) {
                    throw conflict;
                }
            }
        }
    }

    private boolean reconcileOnce(ObjectNode rendered) {
        ObjectNode desired = rendered.deepCopy();
        String namespace = desired.at("/metadata/namespace").asText();
        String name = desired.at("/metadata/name").asText();
        Optional<ObjectNode> stored = api.find(DEPLOYMENT, namespace, name);
        if (stored.isEmpty()) {
            api.create(DEPLOYMENT, desired);
            return true;
        }
        ObjectNode answer = api.dryRunUpdate(DEPLOYMENT, desired);
        if (withoutReplicas(answer).equals(withoutReplicas(stored.get()))) {
            return false;
        }
        answer.withObject("/spec").remove("replicas");
        client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), answer.toString());
        return true;
    }

    private static ObjectNode withoutReplicas(ObjectNode deployment) {
        ObjectNode spec = deployment.withObject("/spec").deepCopy();
        spec.remove("replicas");
        return spec;
    }

    /** As KServe renders it, with its own defaults (createRawDefaultDeployment, setDefaultPodSpec). */
    public static ObjectNode rendered(String namespace, String name, String image) {
        return Api.yaml("""
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: %2$s-predictor
                  namespace: %1$s
                  labels: {app: isvc.%2$s-predictor, component: predictor, serving.kserve.io/inferenceservice: %2$s}
                  annotations: {serving.kserve.io/deploymentMode: Standard}
                spec:
                  progressDeadlineSeconds: 600
                  revisionHistoryLimit: 10
                  selector: {matchLabels: {app: isvc.%2$s-predictor}}
                  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%%, maxUnavailable: 25%%}}
                  template:
                    metadata:
                      labels: {app: isvc.%2$s-predictor, component: predictor, serving.kserve.io/inferenceservice: %2$s}
                      annotations: {serving.kserve.io/deploymentMode: Standard}
                    spec:
                      dnsPolicy: ClusterFirst
                      restartPolicy: Always
                      schedulerName: default-scheduler
                      securityContext: {}
                      terminationGracePeriodSeconds: 30
                      containers:
                        - name: kserve-container
                          image: %3$s
                          imagePullPolicy: IfNotPresent
                          terminationMessagePath: /dev/termination-log
                          terminationMessagePolicy: File
                          resources: {requests: {cpu: 1000m, memory: 2Gi}, limits: {cpu: "1", memory: 2048Mi}}
                          readinessProbe:
                            tcpSocket: {port: 8080}
                            timeoutSeconds: 1
                            periodSeconds: 10
                            successThreshold: 1
                            failureThreshold: 3
                """.formatted(namespace, name, image));
    }
}
