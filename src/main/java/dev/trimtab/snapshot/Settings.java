package dev.trimtab.snapshot;

import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Namespaced;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Policy.EffectivePolicy;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.PolicyLoader.LoadedProfiles;
import dev.trimtab.policy.Profile;
import dev.trimtab.policy.Profile.PolicyTarget;
import dev.trimtab.rules.Facts.ClusterFacts;
import dev.trimtab.schedule.ServingSchedule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a review reads besides the request, as one immutable snapshot. Each change makes a new snapshot.
 *
 * @param services InferenceServices and InferenceGraphs, and which are stopped
 * @param autoscaling PodAutoscalers of AIBrix, and other scalers
 * @param schedules the ServingSchedules that act
 * @param namespaceProfiles profiles of namespaces, also invalid ones and ones that the policy does not allow
 */
public record Settings(
        Policy policy,
        KnativeConfig knative,
        ClusterFacts cluster,
        Revisions revisions,
        Models models,
        KnownServices services,
        ClusterView autoscaling,
        Map<String, LoadedProfiles> namespaceProfiles,
        Namespaced<ServingSchedule> schedules) {
    public static final Settings DEFAULTS = new Settings(Policy.BUILT_IN, KnativeConfig.DEFAULTS, ClusterFacts.NONE);

    public Settings {
        namespaceProfiles = Map.copyOf(namespaceProfiles);
    }

    public Settings(Policy policy, KnativeConfig knative, ClusterFacts cluster) {
        this(
                policy,
                knative,
                cluster,
                Revisions.UNKNOWN,
                Models.UNKNOWN,
                KnownServices.UNKNOWN,
                ClusterView.UNKNOWN,
                Map.of(),
                Namespaced.empty());
    }

    public Settings withPolicy(Policy other) {
        return new Settings(
                other, knative, cluster, revisions, models, services, autoscaling, namespaceProfiles, schedules);
    }

    public Settings withKnative(KnativeConfig other) {
        return new Settings(
                policy, other, cluster, revisions, models, services, autoscaling, namespaceProfiles, schedules);
    }

    public Settings withCluster(ClusterFacts other) {
        return new Settings(
                policy, knative, other, revisions, models, services, autoscaling, namespaceProfiles, schedules);
    }

    public Settings withRevisions(UnaryOperator<Revisions> change) {
        return new Settings(
                policy,
                knative,
                cluster,
                change.apply(revisions),
                models,
                services,
                autoscaling,
                namespaceProfiles,
                schedules);
    }

    public Settings withModels(UnaryOperator<Models> change) {
        return new Settings(
                policy,
                knative,
                cluster,
                revisions,
                change.apply(models),
                services,
                autoscaling,
                namespaceProfiles,
                schedules);
    }

    public Settings withServices(UnaryOperator<KnownServices> change) {
        return new Settings(
                policy,
                knative,
                cluster,
                revisions,
                models,
                change.apply(services),
                autoscaling,
                namespaceProfiles,
                schedules);
    }

    public Settings withAutoscaling(UnaryOperator<ClusterView> change) {
        return new Settings(
                policy,
                knative,
                cluster,
                revisions,
                models,
                services,
                change.apply(autoscaling),
                namespaceProfiles,
                schedules);
    }

    public Settings withSchedules(UnaryOperator<Namespaced<ServingSchedule>> change) {
        return new Settings(
                policy,
                knative,
                cluster,
                revisions,
                models,
                services,
                autoscaling,
                namespaceProfiles,
                change.apply(schedules));
    }

    public Settings withNamespaceProfiles(String namespace, LoadedProfiles profiles) {
        Map<String, LoadedProfiles> changed = new HashMap<>(namespaceProfiles);
        changed.put(namespace, profiles);
        if (profiles.equals(LoadedProfiles.NONE)) {
            changed.remove(namespace);
        }
        return new Settings(policy, knative, cluster, revisions, models, services, autoscaling, changed, schedules);
    }

    /** KServe's mode for an object that names none: from KServe's ConfigMap, else from the policy. */
    public DeploymentMode defaultMode() {
        return cluster.defaultMode().orElse(policy.defaultDeploymentMode());
    }

    public boolean isStopNative(Stoppable kind, DeploymentMode mode) {
        return services.isStopNative(
                kind, mode, defaultMode(), policy.lifecycle().nativeStop());
    }

    /** Profiles of a namespace. Empty if the policy does not allow them. */
    public List<Profile> profilesOf(String namespace) {
        return own(namespace).profiles();
    }

    /**
     * The policy in a namespace, without the namespace's own profiles. In Audit mode as long as these profiles are
     * invalid.
     */
    public Policy policyOf(String namespace) {
        return own(namespace).problems().isEmpty() ? policy : policy.withMode(Mode.AUDIT);
    }

    public EffectivePolicy effectiveFor(PolicyTarget target) {
        return policyOf(target.namespace()).effectiveFor(target, profilesOf(target.namespace()));
    }

    private LoadedProfiles own(String namespace) {
        return policy.namespaceProfiles()
                ? namespaceProfiles.getOrDefault(namespace, LoadedProfiles.NONE)
                : LoadedProfiles.NONE;
    }
}
