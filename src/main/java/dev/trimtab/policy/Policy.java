package dev.trimtab.policy;

import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.policy.AibrixCheck.Severity;
import dev.trimtab.policy.Profile.PolicyTarget;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /**
     * What a policy comes to for one object.
     *
     * @param timeoutsFactor by what the longest response is multiplied for a timeout, 1 to 10
     * @param gpu how this cluster shares GPU memory
     * @param pinDefaults whether what Knative's config-defaults would fill is written out
     * @param serving what the matching profiles know about the model
     * @param profiles the names of the profiles that matched, in the order in which they count; those of the object's own
     *     namespace have it in front: {@code ml-dev/llm}
     */
    public record EffectivePolicy(
            Mode mode,
            Conflicts conflicts,
            Scaling scaling,
            BigDecimal timeoutsFactor,
            Gpu gpu,
            boolean pinDefaults,
            Serving serving,
            List<String> profiles) {
        public EffectivePolicy {
            profiles = List.copyOf(profiles);
        }
    }

    /**
     * How PodAutoscalers of AIBrix are checked: the key {@code aibrix} of a policy.
     *
     * @param checks what is done for each check that the policy names
     * @param rewriteDeadKeys whether what stands in an annotation that nobody reads any more is written where it is read
     * @param metrics names that AIBrix knows besides its own, such as those of a patched build
     */
    public record Aibrix(Map<AibrixCheck, Severity> checks, boolean rewriteDeadKeys, Set<String> metrics) {
        /** Where the policy says nothing. */
        public static final Aibrix UNSET = new Aibrix(Map.of(), false, Set.of());

        public Aibrix {
            checks = Map.copyOf(checks);
            metrics = Set.copyOf(metrics);
        }

        public Severity severity(AibrixCheck check) {
            return checks.getOrDefault(check, check.unlessSet());
        }
    }

    /**
     * How services are stopped and started: the keys {@code stop}, {@code lifecycle} and {@code start} of a policy, every value
     * given, in whole seconds.
     *
     * @param stopGracePeriod how long the pods of a stopped service may take to end before Trimtab ends them, 0s to 1h
     * @param nativeTimeout how long KServe may take to stop a service by itself before Trimtab tears it down, 1s to 1h
     * @param nativeStop whether this KServe stops services itself
     * @param startDeadline after how long a started service that is not ready is reported, 1m to 24h
     */
    public record Lifecycle(
            Duration stopGracePeriod, Duration nativeTimeout, NativeStop nativeStop, Duration startDeadline) {}

    /** Whether Trimtab acts on what it decides. */
    public enum Mode implements PolicyTerm {
        /** Patch the object. */
        ENFORCE,

        /** Decide, warn and count, but fill and clamp nothing new. */
        AUDIT
    }

    /** What happens to an author's value that Knative would refuse or that would misbehave. */
    public enum Conflicts implements PolicyTerm {
        /** Move it to the nearest value that works, and warn. */
        CLAMP,

        /** Leave it, and warn. */
        WARN,

        /** Refuse the object, and say why. */
        DENY
    }

    /** Whether the KServe of this cluster stops services itself. */
    public enum NativeStop implements PolicyTerm {
        /** Trimtab sees it by what KServe does. */
        AUTO,

        /** It does: no guard and no status is written. */
        ALWAYS,

        /** It does not: Trimtab tears a stopped service down at once. */
        NEVER
    }
}
