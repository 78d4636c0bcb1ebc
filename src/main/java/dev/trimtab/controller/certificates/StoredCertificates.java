package dev.trimtab.controller.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.certificates.Observed;
import dev.trimtab.certificates.Observed.Stored;
import dev.trimtab.certificates.Pems;
import dev.trimtab.certificates.TlsPair;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.AnnotationPatch;
import dev.trimtab.lifecycle.Times;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ResourceKind;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The two Secrets and the two webhook configurations, as they were read. Each write fails if its object was written
 * since.
 */
final class StoredCertificates {
    /** Mounted by the webhook's pods (deploy/webhook/50-deployment.yaml). */
    static final String SERVING = "trimtab-webhook-tls";

    /** Has the CA's key. No pod mounts it. */
    static final String AUTHORITY = "trimtab-webhook-ca";

    static final String CONFIGURATION = "trimtab.dev";
    static final String TRUSTED_SINCE = "trimtab.dev/ca-trusted-since";
    static final String OWNER = "app.kubernetes.io/managed-by";

    private static final List<ResourceKind> CONFIGURATIONS =
            List.of(ResourceKind.MUTATING_WEBHOOK_CONFIGURATION, ResourceKind.VALIDATING_WEBHOOK_CONFIGURATION);

    /** Annotations by which somebody else writes caBundle: cert-manager's cainjector, OpenShift's service-CA. */
    private static final List<String> INJECTORS = List.of(
            "cert-manager.io/inject-ca-from",
            "cert-manager.io/inject-ca-from-secret",
            "cert-manager.io/inject-apiserver-ca",
            "service.beta.openshift.io/inject-cabundle");

    private final RawClient objects;
    private final String namespace;
    private final Map<ResourceKind, Manifest> configurations = new LinkedHashMap<>();
    private final Optional<Manifest> serving;
    private final Optional<Manifest> authority;

    /**
     * Reads the CA last. Then a CA that is newer than the one in the bundles makes their write fail, and a bundle never
     * loses the newer one.
     */
    StoredCertificates(RawClient objects, String namespace) {
        this.objects = objects;
        this.namespace = namespace;
        CONFIGURATIONS.forEach(kind ->
                objects.find(kind, "", CONFIGURATION).ifPresent(it -> configurations.put(kind, new Manifest(it))));
        serving = secret(SERVING);
        authority = secret(AUTHORITY);
    }

    private Optional<Manifest> secret(String name) {
        return objects.find(ResourceKind.SECRET, namespace, name).map(Manifest::new);
    }

    Observed observed() {
        return new Observed(
                strangers(),
                stored(authority),
                authority.flatMap(it -> Times.read(it.annotations().map().path(TRUSTED_SINCE))),
                stored(serving),
                serving.map(it -> Pems.certificates(text(it, "ca.crt"))).orElse(Set.of()),
                configurations.values().stream()
                        .flatMap(it -> entries(it).stream())
                        .map(StoredCertificates::bundle)
                        .toList());
    }

    private List<String> strangers() {
        List<String> strangers = new ArrayList<>();
        configurations.forEach((kind, it) -> INJECTORS.stream()
                .filter(it.annotations().map()::has)
                .forEach(key ->
                        strangers.add("%s %s has the annotation %s, so somebody else writes its caBundle: remove it"
                                .formatted(kind.kindName(), CONFIGURATION, key))));
        for (Optional<Manifest> secret : List.of(serving, authority)) {
            secret.filter(it -> !RawClient.FIELD_MANAGER.equals(it.labels().get(OWNER)))
                    .ifPresent(it -> strangers.add(
                            "Secret %s/%s is not Trimtab's (no label %s=%s): delete it, and first what makes it, such as a Certificate"
                                    .formatted(it.namespace(), it.name(), OWNER, RawClient.FIELD_MANAGER)));
        }
        return strangers;
    }

    private static Stored stored(Optional<Manifest> secret) {
        if (secret.isEmpty()) {
            return new Stored.Absent();
        }
        try {
            return new Stored.Sound(TlsPair.read(text(secret.get(), "tls.crt"), text(secret.get(), "tls.key")));
        } catch (GeneralSecurityException unusable) {
            return new Stored.Broken(String.valueOf(unusable.getMessage()));
        }
    }

    /** Whether one of the objects was written, made or deleted since it was read. */
    boolean isOutdated() {
        return !new StoredCertificates(objects, namespace).versions().equals(versions());
    }

    private List<String> versions() {
        return Stream.concat(
                        configurations.values().stream(),
                        Stream.of(serving, authority).flatMap(Optional::stream))
                .map(it -> it.kindName()
                        + it.name()
                        + it.metadata().path("resourceVersion").asText(""))
                .toList();
    }

    /** What Events are about: the serving certificate's Secret, also if it does not exist. */
    static Manifest subject(String namespace) {
        return new Manifest(secret(namespace, SERVING));
    }

    void storeAuthority(TlsPair pair, boolean newKey) {
        store(authority, AUTHORITY, data(pair), newKey);
    }

    void storeServing(TlsPair pair, X509Certificate issuer) {
        ObjectNode data = data(pair);
        data.put("ca.crt", base64(Pems.of(List.of(issuer))));
        store(serving, SERVING, data, false);
    }

    void mark(Instant moment) {
        ArrayNode patch = AnnotationPatch.set(
                authority.orElseThrow(),
                TRUSTED_SINCE,
                moment.truncatedTo(ChronoUnit.SECONDS).toString());
        objects.patch(ResourceKind.SECRET, namespace, AUTHORITY, patch, RawClient.FIELD_MANAGER);
    }

    void unmark() {
        ArrayNode patch = AnnotationPatch.onlyIfUnchanged(authority.orElseThrow());
        addUnmark(patch);
        objects.patch(ResourceKind.SECRET, namespace, AUTHORITY, patch, RawClient.FIELD_MANAGER);
    }

    private static void addUnmark(ArrayNode patch) {
        patch.addObject()
                .put("op", "remove")
                .put(
                        "path",
                        Pointers.of("metadata", "annotations", TRUSTED_SINCE).toString());
    }

    void trust(Set<X509Certificate> authorities) {
        String bundle = base64(Pems.of(authorities));
        configurations.forEach((kind, configuration) -> {
            ArrayNode patch = AnnotationPatch.onlyIfUnchanged(configuration);
            List<JsonNode> entries = entries(configuration);
            for (int i = 0; i < entries.size(); i++) {
                if (!bundle(entries.get(i)).equals(authorities)) {
                    patch.addObject()
                            .put("op", "add")
                            .put("path", "/webhooks/%d/clientConfig/caBundle".formatted(i))
                            .put("value", bundle);
                }
            }
            if (patch.size() > 1) {
                objects.patch(kind, "", CONFIGURATION, patch, RawClient.FIELD_MANAGER);
            }
        });
    }

    private void store(Optional<Manifest> before, String name, ObjectNode data, boolean unmark) {
        if (before.isEmpty()) {
            ObjectNode secret = secret(namespace, name);
            secret.set("data", data);
            ObjectNode unused = objects.create(ResourceKind.SECRET, namespace, secret);
            return;
        }
        ArrayNode patch = AnnotationPatch.onlyIfUnchanged(before.get());
        patch.addObject().put("op", "add").put("path", "/data").set("value", data);
        if (unmark && before.get().annotations().map().has(TRUSTED_SINCE)) {
            addUnmark(patch);
        }
        objects.patch(ResourceKind.SECRET, namespace, name, patch, RawClient.FIELD_MANAGER);
    }

    private static ObjectNode secret(String namespace, String name) {
        ObjectNode secret = JsonNodeFactory.instance.objectNode();
        secret.put("apiVersion", "v1").put("kind", "Secret").put("type", "kubernetes.io/tls");
        secret.putObject("metadata")
                .put("name", name)
                .put("namespace", namespace)
                .putObject("labels")
                .put("app.kubernetes.io/name", "trimtab")
                .put(OWNER, RawClient.FIELD_MANAGER);
        return secret;
    }

    private static ObjectNode data(TlsPair pair) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("tls.crt", base64(Pems.of(List.of(pair.certificate()))))
                .put("tls.key", base64(Pems.of(pair.key())));
    }

    private static List<JsonNode> entries(Manifest configuration) {
        List<JsonNode> entries = new ArrayList<>();
        configuration.root().path("webhooks").forEach(entries::add);
        return entries;
    }

    private static Set<X509Certificate> bundle(JsonNode entry) {
        return Pems.certificates(decoded(entry.at("/clientConfig/caBundle").asText("")));
    }

    private static String text(Manifest secret, String key) {
        return decoded(secret.root().path("data").path(key).asText(""));
    }

    private static String decoded(String base64) {
        // The API server stores nothing else in these fields.
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
