package dev.trimtab.rules;

import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.policy.ClosestWord;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The annotations and labels that Trimtab, Knative and KServe read, and where (Knative 1.23, pkg/apis/serving/register.go,
 * pkg/apis/autoscaling/register.go and networking's register.go; kserve 0.20, pkg/constants/constants.go), and those of
 * Knative's extension autoscaler-keda (1.22, pkg/reconciler/autoscaling/hpa, keda_hpa.go and resources/keda.go).
 */
final class KnownAnnotations {
    static final String OWN = "trimtab.dev";

    /** The query that the extension autoscaler-keda scales on, if the metric is neither cpu nor memory. */
    static final String KEDA_QUERY = ScaleAnnotation.GROUP + "/prometheus-query";

    /** The whole ScaledObject of the extension autoscaler-keda. */
    static final String KEDA_OVERRIDE = ScaleAnnotation.GROUP + "/scaled-object-override";

    private static final String AUTOSCALING = ScaleAnnotation.GROUP;
    private static final String SERVING = "serving.knative.dev";
    private static final String QUEUE = "queue.sidecar.serving.knative.dev";
    private static final String NETWORKING = "networking.knative.dev";
    private static final String KSERVE = "serving.kserve.io";
    private static final List<String> DOMAINS = List.of(OWN, AUTOSCALING, QUEUE, SERVING, NETWORKING, KSERVE);

    /** Where Trimtab, Knative or KServe reads a key. */
    enum Where {
        /** In the metadata of the object itself. */
        OBJECT,
        /** In the metadata of the template. KServe copies those of an InferenceService there. */
        TEMPLATE,
        /** In both, or people should not write it. */
        ANYWHERE
    }

    private static final Map<String, Where> ANNOTATIONS = annotations();
    private static final Map<String, Where> LABELS =
            Map.of(OWN + "/ignore", Where.OBJECT, NETWORKING + "/visibility", Where.OBJECT);

    /** Common wrong names, without dashes and in lower case. */
    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("stablewindow", AUTOSCALING + "/window"),
            Map.entry("scalingwindow", AUTOSCALING + "/window"),
            Map.entry("panicwindow", AUTOSCALING + "/panic-window-percentage"),
            Map.entry("panicthreshold", AUTOSCALING + "/panic-threshold-percentage"),
            Map.entry("scaletozerograceperiod", AUTOSCALING + "/scale-to-zero-pod-retention-period"),
            Map.entry("cooldown", AUTOSCALING + "/scale-down-delay"),
            Map.entry("cooldownperiod", AUTOSCALING + "/scale-down-delay"),
            Map.entry("min", AUTOSCALING + "/min-scale"),
            Map.entry("minpods", AUTOSCALING + "/min-scale"),
            Map.entry("minreplicas", AUTOSCALING + "/min-scale"),
            Map.entry("max", AUTOSCALING + "/max-scale"),
            Map.entry("maxpods", AUTOSCALING + "/max-scale"),
            Map.entry("maxreplicas", AUTOSCALING + "/max-scale"),
            Map.entry("initialreplicas", AUTOSCALING + "/initial-scale"),
            Map.entry("concurrency", AUTOSCALING + "/target"),
            Map.entry("concurrencytarget", AUTOSCALING + "/target"),
            Map.entry("targetconcurrency", AUTOSCALING + "/target"),
            Map.entry("utilization", AUTOSCALING + "/target-utilization-percentage"),
            Map.entry("query", KEDA_QUERY),
            Map.entry("progressdeadlineseconds", SERVING + "/progress-deadline"),
            Map.entry("startup", OWN + "/startup-seconds"),
            Map.entry("startuptime", OWN + "/startup-seconds"),
            Map.entry("graceperiod", OWN + "/stop-grace-seconds"));

    /** Keys that are fields of the template. */
    private static final Map<String, String> FIELDS = Map.of(
            "containerconcurrency", "containerConcurrency",
            "timeout", "timeoutSeconds",
            "timeoutseconds", "timeoutSeconds",
            "revisiontimeoutseconds", "timeoutSeconds");

    private KnownAnnotations() {}

    private static Map<String, Where> annotations() {
        Map<String, Where> keys = new LinkedHashMap<>();
        add(keys, Where.TEMPLATE, OWN, "dataset", "gpu-memory", "startup-seconds", "max-response-seconds");
        add(keys, Where.OBJECT, OWN, "refresh", "left", "filled", "stop-grace-seconds", "stop-cascade");
        add(keys, Where.OBJECT, OWN, "keep", "keep-until", "stopped-by");
        for (ScaleAnnotation annotation : ScaleAnnotation.values()) {
            annotation.spellings().forEach(key -> keys.put(key, Where.TEMPLATE));
        }
        add(
                keys,
                Where.TEMPLATE,
                AUTOSCALING,
                name(KEDA_QUERY),
                name(KEDA_OVERRIDE),
                "prometheus-address",
                "metric-type");
        add(keys, Where.TEMPLATE, AUTOSCALING, "trigger-prometheus-name", "trigger-prometheus-auth-name");
        add(keys, Where.TEMPLATE, AUTOSCALING, "trigger-prometheus-auth-kind", "trigger-prometheus-auth-modes");
        add(keys, Where.TEMPLATE, AUTOSCALING, "extra-prometheus-triggers", "scaling-modifiers");
        add(keys, Where.TEMPLATE, AUTOSCALING, "hpa-scale-up-rules", "hpa-scale-down-rules");
        add(keys, Where.TEMPLATE, AUTOSCALING, "scaled-object-auto-create");
        add(keys, Where.OBJECT, SERVING, "rollout-duration", "rolloutDuration");
        add(keys, Where.TEMPLATE, SERVING, "progress-deadline", "no-gc");
        add(keys, Where.ANYWHERE, SERVING, "creator", "lastModifier", "lastPinned", "routes", "routingStateModified");
        add(keys, Where.TEMPLATE, QUEUE, "resource-percentage", "resourcePercentage");
        for (String resource : List.of("cpu", "memory", "ephemeral-storage")) {
            add(keys, Where.TEMPLATE, QUEUE, resource + "-resource-request", resource + "-resource-limit");
        }
        add(keys, Where.ANYWHERE, NETWORKING, "certificate.class", "certificate-class", "ingress.class");
        add(keys, Where.ANYWHERE, NETWORKING, "ingress-class", "disableAutoTLS", "disable-auto-tls", "httpOption");
        add(keys, Where.ANYWHERE, NETWORKING, "disable-external-domain-tls", "http-protocol");
        add(keys, Where.ANYWHERE, KSERVE, "deploymentMode", "autoscalerClass", "metrics", "stop", "nodegroup");
        add(keys, Where.ANYWHERE, KSERVE, "targetUtilizationPercentage", "enable-tag-routing", "gke-accelerator");
        add(keys, Where.ANYWHERE, KSERVE, "enable-metric-aggregation", "enable-prometheus-scraping");
        return keys;
    }

    private static void add(Map<String, Where> keys, Where where, String domain, String... names) {
        for (String name : names) {
            keys.put(domain + "/" + name, where);
        }
    }

    static Optional<Where> annotation(String key) {
        return Optional.ofNullable(ANNOTATIONS.get(key));
    }

    /** As {@link #annotation}, for a label. */
    static Optional<Where> label(String key) {
        return Optional.ofNullable(LABELS.get(key));
    }

    /**
     * Whether nobody reads an annotation. Of other domains than Trimtab's and Knative's only misspelt keys are
     * reported.
     */
    static boolean isUnreadAnnotation(String key) {
        if (ANNOTATIONS.containsKey(key)) {
            return false;
        }
        return switch (domain(key)) {
            case OWN, AUTOSCALING, QUEUE, SERVING -> true;
            case NETWORKING -> instead(key).isPresent();
            case KSERVE -> sameLetters(key, of(KSERVE)).isPresent();
            default -> meantDomain(domain(key)).isPresent() && instead(key).isPresent();
        };
    }

    /** As {@link #isUnreadAnnotation}. Labels in the domains of Knative and KServe are theirs. */
    static boolean isUnreadLabel(String key) {
        boolean own = meantDomain(domain(key)).filter(OWN::equals).isPresent();
        return !LABELS.containsKey(key)
                && (domain(key).equals(OWN) || (own && instead(key).isPresent()));
    }

    static Optional<String> instead(String key) {
        String domain = DOMAINS.contains(domain(key))
                ? domain(key)
                : meantDomain(domain(key)).orElse("");
        String plain = plain(key);
        List<String> near = of(domain);
        List<String> names = near.stream().map(KnownAnnotations::name).toList();
        return sameLetters(key, near)
                .or(() -> Optional.ofNullable(OTHER_NAMES.get(plain)).filter(it -> isOwn(it) == isOwn(domain)))
                .or(() -> sameLetters(
                        key, all().filter(it -> isOwn(it) == isOwn(domain)).toList()))
                .or(() -> near.stream().filter(it -> begins(plain, plain(it))).findFirst())
                .or(() -> ClosestWord.to(plain, names).map(name -> domain + "/" + name));
    }

    /** The field of the template that was probably meant. */
    static Optional<String> field(String key) {
        return isOwn(key) ? Optional.empty() : Optional.ofNullable(FIELDS.get(plain(key)));
    }

    static String domain(String key) {
        return key.substring(0, Math.max(0, key.indexOf('/')));
    }

    static String name(String key) {
        return key.substring(key.indexOf('/') + 1);
    }

    /** The known domain for a similar one. */
    private static Optional<String> meantDomain(String domain) {
        List<String> parts = Arrays.asList(domain.split("[.]"));
        if (DOMAINS.contains(domain) || domain.endsWith("." + OWN)) {
            return Optional.empty();
        }
        if (parts.contains("trimtab")) {
            return Optional.of(OWN);
        }
        if (!parts.contains("knative")) {
            return Optional.empty();
        }
        return domain.equals("knative.dev") ? Optional.of(AUTOSCALING) : ClosestWord.to(domain, DOMAINS);
    }

    private static boolean isOwn(String key) {
        return key.startsWith(OWN);
    }

    private static Stream<String> all() {
        return Stream.concat(ANNOTATIONS.keySet().stream(), LABELS.keySet().stream());
    }

    private static List<String> of(String domain) {
        return all().filter(it -> domain(it).equals(domain)).toList();
    }

    private static Optional<String> sameLetters(String key, Collection<String> known) {
        return known.stream().filter(it -> plain(it).equals(plain(key))).findFirst();
    }

    /** Whether one text begins with the other, and is long enough. */
    private static boolean begins(String one, String other) {
        return Math.min(one.length(), other.length()) >= 6 && (one.startsWith(other) || other.startsWith(one));
    }

    private static String plain(String key) {
        return name(key).toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }
}
