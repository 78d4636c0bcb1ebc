package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.AuthoredPlace;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.policy.ClosestWord;
import dev.trimtab.rules.Rule.AuthorRule;
import dev.trimtab.rules.Rule.AuthorRule.Author;
import dev.trimtab.rules.UnreadKeysRule.KnownKeys.Where;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Warns of annotations and labels that nobody reads, and names the key that was probably meant.
 *
 * <p>Neither Knative nor the API server reports a key that does not exist. This rule knows the keys of {@code
 * trimtab.dev}, {@code autoscaling.knative.dev}, {@code serving.knative.dev} and {@code
 * queue.sidecar.serving.knative.dev}, and names every other key of these domains. In {@code networking.knative.dev},
 * in {@code serving.kserve.io}, and in domains that look like one of these, it names misspelt keys. It also names a
 * label that is written as an annotation, an annotation that is written as a label, and a key in the wrong place:
 * {@code trimtab.dev/gpu-memory} is read in a Service's template, {@code serving.knative.dev/rollout-duration} in the
 * Service's own metadata. It changes nothing.
 *
 * <p>Example: {@code autoscaling.knative.dev/stableWindow: 60s}: did you mean {@code window}? Source: Knative 1.23,
 * pkg/apis/serving/register.go and pkg/apis/autoscaling/register.go; kserve 0.20, constants.go.
 */
final class UnreadKeysRule implements AuthorRule {
    private static final JsonPointer METADATA = Pointers.of("metadata");
    private static final JsonPointer TEMPLATE_METADATA = Pointers.of("spec", "template", "metadata");
    private static final String ANNOTATIONS = "annotations";
    private static final String LABELS = "labels";

    @Override
    public void look(Manifest object, DeploymentMode byDefault, KnativeConfig cluster, Author author) {
        look(object, METADATA, object.kind() == Kind.KNATIVE_SERVICE ? Where.OBJECT : Where.ANYWHERE, author);
        if (object.kind() == Kind.KNATIVE_SERVICE) {
            look(object, TEMPLATE_METADATA, Where.TEMPLATE, author);
        } else if (object.kind() == Kind.INFERENCE_SERVICE) {
            Component.of(object.root()).forEach(it -> look(object, it.at(), Where.TEMPLATE, author));
        }
    }

    /** @param where what the map is for; {@code ANYWHERE} if KServe copies it to the template too */
    private void look(Manifest object, JsonPointer holder, Where where, Author author) {
        for (String kind : List.of(ANNOTATIONS, LABELS)) {
            JsonPointer map = holder.appendProperty(kind);
            object.root().at(map).fieldNames().forEachRemaining(key -> {
                Optional<String> problem =
                        kind.equals(LABELS) ? label(object, key, where) : annotation(object, key, where);
                problem.ifPresent(it -> author.warn(map.appendProperty(key), it));
            });
        }
        JsonPointer ignore = holder.appendProperty(LABELS).appendProperty(Manifest.IGNORE);
        String value = object.root().at(ignore).asText("true");
        if (!value.equals("true") && !value.equals("false")) {
            author.warn(ignore, "%s \"%s\" does nothing: write \"true\"".formatted(Manifest.IGNORE, value));
        }
    }

    private static Optional<String> annotation(Manifest object, String key, Where where) {
        Optional<Where> read = KnownKeys.annotation(key);
        if (KnownKeys.label(key).isPresent()) {
            return Optional.of("%s is a label: as an annotation it does nothing".formatted(key));
        }
        if (read.isPresent()) {
            return misplaced(object, key, read.get(), where);
        }
        return KnownKeys.isUnreadAnnotation(key) ? Optional.of(unread(object, key)) : Optional.empty();
    }

    private static Optional<String> label(Manifest object, String key, Where where) {
        if (KnownKeys.annotation(key).isPresent()) {
            return Optional.of("%s is an annotation: as a label it does nothing".formatted(key));
        }
        // A component's labels get to the Service that KServe renders, and so Trimtab reads them there.
        Optional<Where> read = KnownKeys.label(key).filter(it -> object.kind() == Kind.KNATIVE_SERVICE);
        if (read.isPresent()) {
            return misplaced(object, key, read.get(), where);
        }
        return KnownKeys.isUnreadLabel(key) ? Optional.of(unread(object, key)) : Optional.empty();
    }

    private static Optional<String> misplaced(Manifest object, String key, Where read, Where where) {
        boolean component = object.kind() == Kind.INFERENCE_SERVICE;
        // KServe reads a rollout's duration in a component, and Knative refuses its own scaling keys in the wrong
        // place.
        boolean theirs =
                component ? !KnownKeys.domain(key).equals(KnownKeys.OWN) : key.startsWith(ScaleAnnotation.GROUP);
        if (read == Where.ANYWHERE || where == Where.ANYWHERE || read == where || theirs) {
            return Optional.empty();
        }
        String right = read == Where.TEMPLATE ? "spec.template.metadata" : "metadata";
        return Optional.of("%s does nothing here: write it in %s".formatted(key, right));
    }

    private static String unread(Manifest object, String key) {
        Optional<String> field = KnownKeys.field(key);
        if (field.isPresent()) {
            String name = object.kind() == Kind.KNATIVE_SERVICE
                    ? field.get()
                    : field.get().replace("timeoutSeconds", "timeout");
            return "%s does nothing: write the field %s".formatted(key, name);
        }
        Optional<String> meant = KnownKeys.instead(key);
        if (meant.isEmpty()) {
            return "%s does nothing: no component reads this key".formatted(key);
        }
        boolean sameDomain = KnownKeys.domain(key).equals(KnownKeys.domain(meant.get()));
        String right = sameDomain ? KnownKeys.name(meant.get()) : meant.get();
        return "%s does nothing: did you mean %s?"
                .formatted(key, replicas(object, meant.get()).orElse(right));
    }

    /** The field of an InferenceService instead of min-scale or max-scale. */
    private static Optional<String> replicas(Manifest object, String meant) {
        return AuthoredPlace.FIELDS.entrySet().stream()
                .filter(it ->
                        object.kind().isRendered() && it.getKey().spellings().contains(meant))
                .map(it -> it.getValue())
                .filter(it -> it.endsWith("Replicas"))
                .findFirst();
    }

    /**
     * The annotations and labels that Trimtab, Knative and KServe read, and where (Knative 1.23, pkg/apis/serving/register.go,
     * pkg/apis/autoscaling/register.go and networking's register.go; kserve 0.20, pkg/constants/constants.go).
     */
    static final class KnownKeys {
        static final String OWN = "trimtab.dev";
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

        private KnownKeys() {}

        private static Map<String, Where> annotations() {
            Map<String, Where> keys = new LinkedHashMap<>();
            add(keys, Where.TEMPLATE, OWN, "dataset", "gpu-memory", "startup-seconds", "max-response-seconds");
            add(keys, Where.OBJECT, OWN, "refresh", "left", "filled", "stop-grace-seconds");
            for (ScaleAnnotation annotation : ScaleAnnotation.values()) {
                annotation.spellings().forEach(key -> keys.put(key, Where.TEMPLATE));
            }
            add(keys, Where.OBJECT, SERVING, "rollout-duration", "rolloutDuration");
            add(keys, Where.TEMPLATE, SERVING, "progress-deadline", "no-gc");
            add(
                    keys,
                    Where.ANYWHERE,
                    SERVING,
                    "creator",
                    "lastModifier",
                    "lastPinned",
                    "routes",
                    "routingStateModified");
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
            List<String> names = near.stream().map(KnownKeys::name).toList();
            return sameLetters(key, near)
                    .or(() -> Optional.ofNullable(OTHER_NAMES.get(plain)).filter(it -> isOwn(it) == isOwn(domain)))
                    .or(() -> sameLetters(
                            key, all().filter(it -> isOwn(it) == isOwn(domain)).toList()))
                    .or(() ->
                            near.stream().filter(it -> begins(plain, plain(it))).findFirst())
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
}
