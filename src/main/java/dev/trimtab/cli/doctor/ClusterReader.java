package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.doctor.Fact.Known;
import dev.trimtab.cli.doctor.Fact.Unknown;
import dev.trimtab.cli.doctor.Shipped.Right;
import dev.trimtab.cli.live.Overview;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Progress;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.RawClient;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads each {@link Source} once. What may not be read is an {@link Unknown}; a cluster that does not answer ends it. */
final class ClusterReader {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    private static final Pattern REFUSAL = Pattern.compile(
            "cannot (?<verb>\\w+) resource \"(?<resource>[^\"]+)\"(?: in API group \"(?<group>[^\"]*)\")?");

    private final LiveCluster cluster;
    private final Places places;
    private final Overview overview;
    private final Progress progress;
    private final Shipped shipped = Shipped.ofJar();
    private final Map<Source, Fact> facts = new EnumMap<>(Source.class);

    /** A request that takes part in one fact. */
    private interface Reading {
        JsonNode read() throws ApiProblem, BadInput;
    }

    ClusterReader(LiveCluster cluster, Places places, Overview overview, Progress progress) {
        this.cluster = cluster;
        this.places = places;
        this.overview = overview;
        this.progress = progress;
    }

    /** @param write the probe of {@code --write} */
    Observed read(Optional<WriteProbe> write, Instant at) throws ApiProblem {
        try {
            for (Source source : Source.values()) {
                progress.show("reading " + source.name().toLowerCase(Locale.ROOT));
                if (source.hasPath()) {
                    fact(source, () -> plain(source));
                }
            }
            if (facts.get(Source.PODS) instanceof Unknown unread) {
                facts.put(Source.HEALTH, unread);
            } else {
                fact(Source.HEALTH, this::health);
            }
            fact(Source.LACKING, this::lacking);
            fact(Source.SCAN, overview::read);
            fact(Source.WRITE, () -> write.isPresent() ? write.get().run(cluster) : MissingNode.getInstance());
            return new Observed(places, shipped, at, facts);
        } finally {
            progress.end();
        }
    }

    /** Throws if the cluster cannot be reached, or takes no credentials: then nothing can be said. */
    private void fact(Source source, Reading reading) throws ApiProblem {
        try {
            facts.put(source, new Known(reading.read()));
        } catch (ApiProblem problem) {
            if (problem.isUnreachable() || (source == Source.VERSION && !problem.isForbidden())) {
                throw problem;
            }
            facts.put(source, new Unknown(reason(problem)));
        } catch (BadInput problem) {
            facts.put(source, new Unknown(String.join("; ", problem.problems())));
        }
    }

    /** The API server's refusal names the user and repeats the group: too long to read it for each check. */
    private static String reason(ApiProblem problem) {
        Matcher refusal = REFUSAL.matcher(problem.getMessage());
        if (!refusal.find()) {
            return problem.getMessage();
        }
        String group = refusal.group("group");
        return "no right to %s %s%s"
                .formatted(
                        refusal.group("verb"),
                        refusal.group("resource"),
                        group == null || group.isEmpty() ? "" : "." + group);
    }

    private JsonNode plain(Source source) throws ApiProblem {
        String path = source.path(places, CertificateCheck.secret(observed(Source.WEBHOOK)));
        if (!source.isList()) {
            return cluster.get(path.replaceAll(".*/(?=[^/]+/[^/]+$)", "").replace('/', ' '), path);
        }
        Optional<List<ObjectNode>> items = cluster.pages(path, Optional::of);
        if (items.isEmpty()) {
            return MissingNode.getInstance();
        }
        ObjectNode list = JSON.objectNode();
        list.putArray("items").addAll(items.get());
        return list;
    }

    private JsonNode observed(Source source) {
        return facts.get(source) instanceof Known known ? known.value() : MissingNode.getInstance();
    }

    /** Through the API server: the pods need no other way in. Pods that are not ready say nothing more than that. */
    private JsonNode health() throws ApiProblem {
        ObjectNode all = JSON.objectNode();
        boolean reachable = true;
        for (JsonNode pod : observed(Source.PODS).path("items")) {
            boolean ready = Observed.stream(pod.at("/status/conditions"))
                    .anyMatch(it -> it.path("type").asText().equals("Ready")
                            && it.path("status").asText().equals("True"));
            if (ready) {
                JsonNode health =
                        reachable ? health(Observed.name(pod)) : unread("not asked: another pod did not answer");
                reachable &= !health.path("unreachable").asBoolean();
                all.set(Observed.name(pod), health);
            }
        }
        return all;
    }

    private JsonNode health(String pod) throws ApiProblem {
        String path = "/api/v1/namespaces/%s/pods/%s:9000/proxy/q/health/ready"
                .formatted(RawClient.encoded(places.trimtab()), RawClient.encoded(pod));
        try {
            JsonNode health = cluster.get("readiness check of pod " + pod, path);
            return health.isMissingNode() ? unread("the pod is gone, or does not know /q/health/ready") : health;
        } catch (ApiProblem problem) {
            if (problem.isForbidden()) {
                throw problem;
            }
            // The API server waits half a minute for a pod that a NetworkPolicy hides.
            return unread("cannot be asked through the API server: " + problem.getMessage())
                    .put("unreachable", true);
        }
    }

    private static ObjectNode unread(String because) {
        return JSON.objectNode().put("unread", because);
    }

    private JsonNode lacking() throws ApiProblem {
        ArrayNode lacking = JSON.arrayNode();
        boolean controller = !facts.containsKey(Source.CONTROLLER)
                || facts.get(Source.CONTROLLER) instanceof Unknown
                || !observed(Source.CONTROLLER).isMissingNode();
        for (Right right : shipped.rights(places)) {
            boolean asked = (controller || !right.account().equals("trimtab-controller")) && isThere(right.namespace());
            if (asked && !may(right)) {
                lacking.addObject()
                        .put("account", right.account())
                        .put("namespace", right.namespace())
                        .put("role", right.role())
                        .put("right", right.asked());
            }
        }
        return lacking;
    }

    /** Without Knative there is no namespace for the Role, which is then left out (components/without-knative). */
    private boolean isThere(String namespace) {
        JsonNode namespaces = observed(Source.NAMESPACES).path("items");
        return namespace.isEmpty()
                || namespaces.isMissingNode()
                || Observed.stream(namespaces).anyMatch(it -> Observed.name(it).equals(namespace));
    }

    private boolean may(Right right) throws ApiProblem {
        ObjectNode review = JSON.objectNode();
        review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
        String group = "system:serviceaccounts";
        ObjectNode spec = review.putObject("spec")
                .put("user", "system:serviceaccount:%s:%s".formatted(places.trimtab(), right.account()));
        spec.putArray("groups").add(group).add(group + ":" + places.trimtab()).add("system:authenticated");
        String[] resource = right.resource().split("/", 2);
        ObjectNode attributes = spec.putObject("resourceAttributes")
                .put("namespace", right.namespace())
                .put("verb", right.verb())
                .put("group", right.group())
                .put("resource", resource[0])
                .put("name", right.name());
        if (resource.length > 1) {
            attributes.put("subresource", resource[1]);
        }
        return cluster.create("subjectaccessreviews", REVIEWS, review)
                .at("/status/allowed")
                .asBoolean();
    }
}
