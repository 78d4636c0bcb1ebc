package dev.trimtab.knative.validation;

import static dev.trimtab.types.Type.BOOL;
import static dev.trimtab.types.Type.INT64;
import static dev.trimtab.types.Type.TEXT;

import dev.trimtab.types.Type;
import dev.trimtab.types.Type.Kubernetes;
import dev.trimtab.types.Type.ListOf;
import dev.trimtab.types.Type.Struct;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;

/**
 * The types of a Knative Service (Knative 1.23): Knative's own fields, and Kubernetes' fields that Knative's CRD has.
 * The API server drops the others.
 */
public final class ServiceTypes {
    private static final Type METADATA = new Kubernetes(ObjectMeta.class);

    private static final Struct PROBE = struct(Probe.class).without("terminationGracePeriodSeconds");

    private static final Struct ENV =
            struct(EnvVar.class).with(struct(EnvVarSource.class).without("fileKeyRef"), "valueFrom");

    private static final Struct CONTAINER = struct(Container.class)
            .without("lifecycle", "resizePolicy", "restartPolicy", "restartPolicyRules")
            .without("stdin", "stdinOnce", "tty", "volumeDevices")
            .with(new ListOf(ENV), "env")
            .with(PROBE, "livenessProbe", "readinessProbe", "startupProbe")
            .with(new ListOf(struct(ContainerPort.class).without("hostIP", "hostPort")), "ports")
            .with(struct(ResourceRequirements.class).without("claims"), "resources")
            .with(
                    struct(SecurityContext.class)
                            .without("appArmorProfile", "procMount", "seLinuxOptions", "windowsOptions"),
                    "securityContext")
            .with(new ListOf(struct(VolumeMount.class).without("recursiveReadOnly", "subPathExpr")), "volumeMounts");

    private static final Struct PROJECTED = struct(ProjectedVolumeSource.class)
            .with(
                    new ListOf(struct(VolumeProjection.class).without("clusterTrustBundle", "podCertificate")),
                    "sources");

    private static final Struct VOLUME = struct(Volume.class)
            .only("configMap", "csi", "emptyDir", "ephemeral", "hostPath", "image", "name")
            .with(struct(Volume.class).only("persistentVolumeClaim", "secret").fields())
            .with(PROJECTED, "projected");

    private static final Struct POD = struct(PodSpec.class)
            .without("activeDeadlineSeconds", "ephemeralContainers", "hostname", "hostnameOverride", "hostUsers")
            .without("nodeName", "os", "overhead", "preemptionPolicy", "priority", "readinessGates")
            .without("resourceClaims", "resources", "restartPolicy", "schedulingGates", "serviceAccount")
            .without("setHostnameAsFQDN", "subdomain", "terminationGracePeriodSeconds", "workloadRef")
            .with(INT64, "containerConcurrency", "idleTimeoutSeconds", "responseStartTimeoutSeconds", "timeoutSeconds")
            .with(new ListOf(CONTAINER), "containers")
            .with(new ListOf(VOLUME), "volumes");

    private static final Struct TRAFFIC = Struct.of(TEXT, "configurationName", "revisionName", "tag", "url")
            .with(BOOL, "latestRevision")
            .with(INT64, "percent");

    static final Struct TEMPLATE = Struct.of(METADATA, "metadata").with(POD, "spec");

    public static final Struct SERVICE = Struct.of(TEXT, "apiVersion", "kind")
            .with(METADATA, "metadata")
            .with(Struct.of(TEMPLATE, "template").with(new ListOf(TRAFFIC), "traffic"), "spec");

    private ServiceTypes() {}

    private static Struct struct(Class<?> model) {
        return new Kubernetes(model).struct();
    }
}
