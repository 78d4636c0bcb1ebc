package dev.trimtab.policy;

import dev.trimtab.kserve.DeploymentMode;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;

/**
 * How Trimtab behaves on a cluster, as its admin wrote it, every value given.
 *
 * @param timeoutsFactor by what the longest response is multiplied for a timeout, 1 to 10
 * @param gpu how this cluster shares GPU memory
 * @param pinDefaults whether what Knative's config-defaults would fill is written out
 * @param namespaceProfiles whether a namespace may have profiles of its own
 * @param lifecycle how services are stopped and started
 * @param aibrix how PodAutoscalers of AIBrix are checked
 * @param defaultDeploymentMode what KServe makes of an object that names no mode, where KServe's ConfigMap is not known
 * @param profiles in the order of the policy: a later one overrides an earlier one, key by key
 */
public record Policy(
        Mode mode,
        Conflicts conflicts,
        Scaling scaling,
        BigDecimal timeoutsFactor,
        Gpu gpu,
        boolean pinDefaults,
        boolean namespaceProfiles,
        Lifecycle lifecycle,
        Aibrix aibrix,
        DeploymentMode defaultDeploymentMode,
        List<Profile> profiles) {
    /** In force where there is no policy; also what a policy means that sets nothing. */
    public static final Policy BUILT_IN = PolicyKeys.builtIn();

    public Policy {
        profiles = List.copyOf(profiles);
    }

    /** This policy, were it to act on what it decides. */
    public Policy enforced() {
        return withMode(Mode.ENFORCE);
    }

    /** The same in another mode. */
    public Policy withMode(Mode other) {
        return new Policy(
                other,
                conflicts,
                scaling,
                timeoutsFactor,
                gpu,
                pinDefaults,
                namespaceProfiles,
                lifecycle,
                aibrix,
                defaultDeploymentMode,
                profiles);
    }

    /** What holds for {@code subject} in a namespace without profiles of its own. */
    public EffectivePolicy effectiveFor(PolicyTarget subject) {
        return effectiveFor(subject, List.of());
    }

    /**
     * What holds for {@code subject}: the top level, then each profile that matches, in order, then those of
     * {@code ofItsNamespace}, if this policy allows them. They go by names such as {@code ml-dev/llm}, with the namespace
     * in front.
     */
    public EffectivePolicy effectiveFor(PolicyTarget subject, List<Profile> ofItsNamespace) {
        List<Profile> matching = matching(profiles, subject);
        List<Profile> own = namespaceProfiles ? matching(ofItsNamespace, subject) : List.of();
        List<Profile> all = Stream.concat(matching.stream(), own.stream()).toList();
        Conflicts conflictsNow = conflicts;
        Scaling scalingNow = scaling;
        for (Profile profile : all) {
            conflictsNow = profile.overrides().conflicts().orElse(conflictsNow);
            scalingNow = profile.overrides().over(scalingNow);
        }
        return new EffectivePolicy(
                mode,
                conflictsNow,
                scalingNow,
                timeoutsFactor,
                gpu,
                pinDefaults,
                Serving.layered(all.stream().map(Profile::serving).toList()),
                Stream.concat(
                                matching.stream().map(Profile::name),
                                own.stream().map(profile -> subject.namespace() + "/" + profile.name()))
                        .toList());
    }

    private static List<Profile> matching(List<Profile> profiles, PolicyTarget subject) {
        return profiles.stream()
                .filter(profile -> profile.match().matches(subject))
                .toList();
    }
}
