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
import java.util.Map;

/**
 * The types of a Knative Service (Knative 1.23): those of Knative's own fields, and of Kubernetes' fields those that
 * Knative's CRD has. The API server drops the others, whatever is in them. Where the CRD has a part as it comes, such as
 * an init container, all of its fields count.
 */
public final class ServiceTypes {
    private static final Type METADATA = new Kubernetes(ObjectMeta.class);

    private static final Struct PROBE = struct(Probe.class).without("terminationGracePeriodSeconds");

    private static final Struct ENV = struct(EnvVar.class)
            .with(Map.of("valueFrom", struct(EnvVarSource.class).without("fileKeyRef")));

    private static final Struct CONTAINER = struct(Container.class)
            .without("lifecycle", "resizePolicy", "restartPolicy", "restartPolicyRules")
            .without("stdin", "stdinOnce", "tty", "volumeDevices")
            .with(Map.of(
                    "env",
                    new ListOf(ENV),
                    "livenessProbe",
                    PROBE,
                    "ports",
                    new ListOf(struct(ContainerPort.class).without("hostIP", "hostPort")),
                    "readinessProbe",
                    PROBE,
                    "startupProbe",
                    PROBE,
                    "resources",
                    struct(ResourceRequirements.class).without("claims"),
                    "securityContext",
                    struct(SecurityContext.class)
                            .without("appArmorProfile", "procMount", "seLinuxOptions", "windowsOptions"),
                    "volumeMounts",
                    new ListOf(struct(VolumeMount.class).without("recursiveReadOnly", "subPathExpr"))));

    private static final Struct PROJECTED = struct(ProjectedVolumeSource.class)
            .with(Map.of(
                    "sources",
                    new ListOf(struct(VolumeProjection.class).without("clusterTrustBundle", "podCertificate"))));

    private static final Struct VOLUME = struct(Volume.class)
            .only("configMap", "csi", "emptyDir", "ephemeral", "hostPath", "image", "name")
            .with(struct(Volume.class).only("persistentVolumeClaim", "secret").fields())
            .with(Map.of("projected", PROJECTED));

    private static final Struct POD = struct(PodSpec.class)
            .without("activeDeadlineSeconds", "ephemeralContainers", "hostname", "hostnameOverride", "hostUsers")
            .without("nodeName", "os", "overhead", "preemptionPolicy", "priority", "readinessGates")
            .without("resourceClaims", "resources", "restartPolicy", "schedulingGates", "serviceAccount")
            .without("setHostnameAsFQDN", "subdomain", "terminationGracePeriodSeconds", "workloadRef")
            .with(Map.of(
                    "containerConcurrency",
                    INT64,
                    "containers",
                    new ListOf(CONTAINER),
                    "idleTimeoutSeconds",
                    INT64,
                    "responseStartTimeoutSeconds",
                    INT64,
                    "timeoutSeconds",
                    INT64,
                    "volumes",
                    new ListOf(VOLUME)));

    private static final Struct TRAFFIC = new Struct(Map.of(
            "configurationName",
            TEXT,
            "latestRevision",
            BOOL,
            "percent",
            INT64,
            "revisionName",
            TEXT,
            "tag",
            TEXT,
            "url",
            TEXT));

    static final Struct TEMPLATE = new Struct(Map.of("metadata", METADATA, "spec", POD));

    public static final Struct SERVICE = new Struct(Map.of(
            "apiVersion",
            TEXT,
            "kind",
            TEXT,
            "metadata",
            METADATA,
            "spec",
            new Struct(Map.of("template", TEMPLATE, "traffic", new ListOf(TRAFFIC)))));

    private ServiceTypes() {}

    private static Struct struct(Class<?> model) {
        return new Kubernetes(model).struct();
    }
}
