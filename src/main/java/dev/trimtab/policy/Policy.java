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
 * Trimtab's settings for a cluster. Every value is set.
 *
 * @param timeoutsFactor a timeout is the longest response times this factor; 1 to 10
 * @param pinDefaults whether to write out Knative's config-defaults
 * @param defaultDeploymentMode of an object that names no mode, if KServe's ConfigMap is unknown
 * @param profiles a later one overrides an earlier one, key by key
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
    public static final Policy BUILT_IN = PolicyKeys.builtIn();

    public Policy {
        profiles = List.copyOf(profiles);
    }

    public Policy enforced() {
        return withMode(Mode.ENFORCE);
    }

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

    public EffectivePolicy effectiveFor(PolicyTarget target) {
        return effectiveFor(target, List.of());
    }

    /**
     * Applies the top level, then each matching profile in order. The namespace's own profiles come last, if this
     * policy allows them. Their names begin with the namespace: {@code ml-dev/llm}.
     */
    public EffectivePolicy effectiveFor(PolicyTarget target, List<Profile> ofItsNamespace) {
        List<Profile> matching = matching(profiles, target);
        List<Profile> own = namespaceProfiles ? matching(ofItsNamespace, target) : List.of();
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
                                own.stream().map(profile -> target.namespace() + "/" + profile.name()))
                        .toList());
    }

    private static List<Profile> matching(List<Profile> profiles, PolicyTarget target) {
        return profiles.stream()
                .filter(profile -> profile.match().matches(target))
                .toList();
    }

    /**
     * The policy of one object. The values are those of {@link Policy}.
     *
     * @param profiles names of the profiles that matched, in order
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
     * The key {@code aibrix}: how PodAutoscalers are checked.
     *
     * @param rewriteDeadKeys whether to copy the values of dead annotations to where AIBrix reads them
     * @param metrics more names that AIBrix knows, such as those of a patched build
     */
    public record Aibrix(Map<AibrixCheck, Severity> checks, boolean rewriteDeadKeys, Set<String> metrics) {
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
     * The keys {@code stop}, {@code lifecycle} and {@code start}, in whole seconds.
     *
     * @param stopGracePeriod time until Trimtab ends the pods of a stopped service, 0s to 1h
     * @param nativeTimeout time until Trimtab tears down what KServe should stop by itself, 1s to 1h
     * @param startDeadline time until a started service that is not ready is reported, 1m to 24h
     */
    public record Lifecycle(
            Duration stopGracePeriod, Duration nativeTimeout, NativeStop nativeStop, Duration startDeadline) {}

    /** Whether Trimtab acts on its decisions. */
    public enum Mode implements PolicyTerm {
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
        /** Trimtab sees it from KServe's behaviour. */
        AUTO,

        /** KServe does. Trimtab neither guards nor writes a status. */
        ALWAYS,

        /** KServe does not. Trimtab tears a stopped service down at once. */
        NEVER
    }
}
