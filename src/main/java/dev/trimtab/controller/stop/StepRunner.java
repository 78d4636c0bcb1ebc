package dev.trimtab.controller.stop;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.Child;
import dev.trimtab.lifecycle.FinalizerPatch;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Step;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Carries out the steps of a plan. Each write names the object that was read, so a changed object is left to the next
 * reconcile.
 */
final class StepRunner {
    private static final Logger LOG = Logger.getLogger(StepRunner.class);

    private final RawClient objects;
    private final BooleanSupplier leading;

    StepRunner(RawClient objects, BooleanSupplier leading) {
        this.objects = objects;
        this.leading = leading;
    }

    /**
     * Before each step, checks that the service is still stopped and that this process still leads.
     *
     * @param uid of the service that the steps were planned for
     * @return the refused steps, each with the reason
     */
    List<String> whileStopped(ServiceRef ref, String uid, List<Step> steps) {
        List<String> refused = new ArrayList<>();
        for (Step step : steps) {
            boolean still = objects.find(ref.kind().resource(), ref.namespace(), ref.name())
                    .map(Manifest::new)
                    .filter(it -> it.metadata().path("uid").asText("").equals(uid))
                    .filter(StopAnnotation::isStopped)
                    .isPresent();
            if (!still || !leading.getAsBoolean()) {
                return refused;
            }
            run(ref, step).ifPresent(refused::add);
        }
        return refused;
    }

    /** Carries out steps that are safe for a running service too. */
    void always(ServiceRef ref, List<Step> steps) {
        for (Step step : steps) {
            if (leading.getAsBoolean()) {
                run(ref, step).ifPresent(why -> LOG.warnf("%s: %s", ref, why));
            }
        }
    }

    /** Returns why the cluster refused the step. Empty also if somebody changed or deleted the object meanwhile. */
    private Optional<String> run(ServiceRef ref, Step step) {
        try {
            write(ref, step);
            LOG.infof("stop kind=%s namespace=%s name=%s step=\"%s\"", ref.kind(), ref.namespace(), ref.name(), step);
            return Optional.empty();
        } catch (KubernetesClientException problem) {
            return ApiProblem.refusal(problem, () -> isOutdated(ref, step)).map(why -> step + ": " + why);
        }
    }

    private boolean isOutdated(ServiceRef ref, Step step) {
        if (step instanceof Step.WriteStatus status) {
            String version = status.patch().get(0).path("value").asText("");
            return objects.isOutdated(ref.kind().resource(), ref.namespace(), ref.name(), version);
        }
        Optional<Child> child = step instanceof Step.Hold hold
                ? Optional.of(hold.child())
                : step instanceof Step.LetGo letGo ? Optional.of(letGo.child()) : Optional.empty();
        return child.filter(
                        it -> objects.isOutdated(it.kind().resource(), it.namespace(), it.name(), it.resourceVersion()))
                .isPresent();
    }

    private void write(ServiceRef ref, Step step) {
        if (step instanceof Step.Delete delete) {
            Child child = delete.child();
            delete(child, RawClient.only(child.uid(), child.resourceVersion()).put("propagationPolicy", "Background"));
        } else if (step instanceof Step.Hold hold) {
            hold(hold.child());
        } else if (step instanceof Step.LetGo letGo) {
            patch(letGo.child(), finalizers(letGo.child()).remove(Child.FINALIZER));
        } else if (step instanceof Step.EndPod end) {
            ObjectNode options = RawClient.only(end.pod().uid(), "")
                    .put("gracePeriodSeconds", end.grace().toSeconds());
            objects.delete(
                    ResourceKind.POD,
                    end.pod().held().namespace(),
                    end.pod().held().name(),
                    options);
        } else if (step instanceof Step.WriteStatus status) {
            objects.patchStatus(ref.kind().resource(), ref.namespace(), ref.name(), status.patch());
        }
    }

    private void hold(Child child) {
        if (!child.held()) {
            patch(child, finalizers(child).add(Child.FINALIZER));
        }
        // By UID only: the patch has changed the resourceVersion. Foreground: the child stays until its own objects are
        // gone.
        delete(child, RawClient.only(child.uid(), "").put("propagationPolicy", "Foreground"));
    }

    private void delete(Child child, ObjectNode options) {
        objects.delete(child.kind().resource(), child.namespace(), child.name(), options);
    }

    private void patch(Child child, ArrayNode patch) {
        objects.patch(child.kind().resource(), child.namespace(), child.name(), patch, RawClient.FIELD_MANAGER);
    }

    private static FinalizerPatch finalizers(Child child) {
        return new FinalizerPatch(child.finalizers(), child.resourceVersion());
    }
}
