package dev.trimtab.kube;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import java.net.HttpURLConnection;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Watches objects of one kind. If the kind does not exist or may not be read, the watch tries again and again. Its
 * start waits for that only if the watch is {@link #needed()}.
 */
public final class ResourceWatch<T extends HasMetadata> implements ResourceEventHandler<T>, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ResourceWatch.class);

    /** Objects in one page: a long list would be in memory twice, as text and as objects. */
    private static final long PAGE = 500;

    private static final JsonMapper JSON = new JsonMapper();

    private final String title;
    private final Function<T, ?> content;
    private final Consumer<T> onChange;
    private final Consumer<T> onGone;
    private final SharedIndexInformer<T> informer;
    private final AtomicBoolean missing = new AtomicBoolean();
    private final AtomicBoolean refused = new AtomicBoolean();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private boolean needed;

    /**
     * @param content the part of an object that counts: an update that leaves it equal is ignored
     * @param onChange called with each new or changed object
     * @param onGone called with each deleted object, reduced to what {@code store} keeps
     * @param store keeps a part of each object, to tell later which are gone
     */
    public ResourceWatch(
            Informable<T> objects,
            String title,
            Function<T, ?> content,
            Consumer<T> onChange,
            Consumer<T> onGone,
            ItemStore<T> store) {
        this.title = title;
        this.content = content;
        this.onChange = onChange;
        this.onGone = onGone;
        this.informer = objects.withLimit(PAGE)
                .runnableInformer(0)
                .removeNamespaceIndex()
                .itemStore(store)
                .exceptionHandler((started, problem) -> {
                    report(problem);
                    return true;
                })
                .addEventHandler(this)
                // Empty initial state: without it, the start would be complete before the last object was handled
                // (kubernetes-client 7.6, Reflector.listSyncAndWatch and usingInitialState).
                .initialState(Stream.empty());
    }

    /** Like {@link #raw}, for objects whose status only their own controller reads: a new status is no change. */
    public static ResourceWatch<GenericKubernetesResource> withoutStatus(
            KubernetesClient client,
            ResourceKind kind,
            String title,
            Consumer<Manifest> onChange,
            Consumer<Manifest> onGone) {
        return raw(client, kind, Selection.ALL, title, ResourceWatch::specification, onChange, onGone);
    }

    private static Object specification(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        return Arrays.asList(
                metadata.getUid(), metadata.getGeneration(), metadata.getFinalizers(), metadata.getDeletionTimestamp());
    }

    /**
     * Watches objects as raw JSON. Only the name and a few fields of each stay in memory.
     *
     * @param onGone called with the name and those fields
     * @param fields such as {@code metadata.labels}
     */
    public static ResourceWatch<GenericKubernetesResource> raw(
            KubernetesClient client,
            ResourceKind kind,
            Selection selection,
            String title,
            Consumer<Manifest> onChange,
            Consumer<Manifest> onGone,
            String... fields) {
        return raw(
                client, kind, selection, title, it -> it.getMetadata().getResourceVersion(), onChange, onGone, fields);
    }

    private static ResourceWatch<GenericKubernetesResource> raw(
            KubernetesClient client,
            ResourceKind kind,
            Selection selection,
            String title,
            Function<GenericKubernetesResource, ?> content,
            Consumer<Manifest> onChange,
            Consumer<Manifest> onGone,
            String... fields) {
        var all = client.genericKubernetesResources(RawClient.definition(kind));
        FilterWatchListDeletable<GenericKubernetesResource, ?, ?> some = kind.namespaced() ? all.inAnyNamespace() : all;
        return new ResourceWatch<>(
                selection.of(some),
                title,
                content,
                it -> onChange.accept(manifest(kind, it)),
                it -> onGone.accept(manifest(kind, it)),
                new ReducedStateItemStore<>(
                        ReducedStateItemStore.NAME_KEY_STATE,
                        GenericKubernetesResource.class,
                        client.getKubernetesSerialization(),
                        fields));
    }

    public record Selection(String name, String labels) {
        public static final Selection ALL = new Selection("", "");

        public static Selection byName(String name) {
            return new Selection(name, "");
        }

        public static Selection byLabels(String selector) {
            return new Selection("", selector);
        }

        private Informable<GenericKubernetesResource> of(
                FilterWatchListDeletable<GenericKubernetesResource, ?, ?> all) {
            if (!name.isEmpty()) {
                return all.withField("metadata.name", name);
            }
            return labels.isEmpty() ? all : all.withLabelSelector(labels);
        }
    }

    /** Adds apiVersion and kind, which the API server leaves out of the items of a list. */
    private static Manifest manifest(ResourceKind kind, GenericKubernetesResource object) {
        ObjectNode json = JSON.valueToTree(object);
        json.put("apiVersion", kind.apiVersion()).put("kind", kind.kindName());
        return new Manifest(json);
    }

    /** Makes {@link #start} wait until the objects can be read. */
    public ResourceWatch<T> needed() {
        needed = true;
        return this;
    }

    public String title() {
        return title;
    }

    public boolean isMissing() {
        return missing.get() && !informer.isWatching();
    }

    public boolean isRefused() {
        return refused.get() && isMissing();
    }

    public CompletionStage<Void> start() {
        CompletionStage<Void> unused = informer.start().whenComplete((nothing, problem) -> {
            if (missing.getAndSet(false)) {
                LOG.infof("can be read now, and followed: %s", title);
            }
            settled.complete(null);
        });
        return settled;
    }

    @Override
    public void onAdd(T added) {
        take(added, onChange);
    }

    @Override
    public void onUpdate(T before, T now) {
        if (!content.apply(before).equals(content.apply(now))) {
            take(now, onChange);
        }
    }

    @Override
    public void onDelete(T gone, boolean finalStateUnknown) {
        take(gone, onGone);
    }

    @Override
    public void close() {
        informer.close();
    }

    private void report(Throwable thrown) {
        // The client wraps some exceptions in its own stages.
        Throwable problem =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        int code = problem instanceof KubernetesClientException answer ? answer.getCode() : 0;
        if (code == HttpURLConnection.HTTP_NOT_FOUND) {
            isNotThere("not on this cluster");
        } else if (code == HttpURLConnection.HTTP_FORBIDDEN && refused.getAndSet(true)) {
            // Not at the first refusal: the API server learns of a Role some moments after its creation.
            isNotThere("may not be read by Trimtab's ServiceAccount (deploy/webhook/20-rbac.yaml)");
        } else if (code != HttpURLConnection.HTTP_FORBIDDEN) {
            LOG.warnf("cannot watch %s, trying again: %s", title, ApiProblem.cause(problem));
        }
    }

    private void isNotThere(String why) {
        if (!missing.getAndSet(true)) {
            String meanwhile = needed ? "not ready before it can be read" : "looking again from time to time";
            LOG.infof("%s: %s; %s", title, why, meanwhile);
        }
        if (!needed) {
            settled.complete(null);
        }
    }

    private void take(T object, Consumer<T> what) {
        try {
            what.accept(object);
        } catch (RuntimeException bug) {
            LOG.errorf(
                    bug,
                    "cannot take %s %s/%s",
                    title,
                    object.getMetadata().getNamespace(),
                    object.getMetadata().getName());
        }
    }
}
