package dev.trimtab.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Watches one object by name, through whatever happens to the API server. */
final class NamedWatch<T extends HasMetadata> implements ResourceEventHandler<T>, Watch {
    private static final Logger LOG = Logger.getLogger(NamedWatch.class);

    private final String place;
    private final Function<T, ?> content;
    private final Consumer<T> onChange;
    private final Runnable onGone;
    private final SharedIndexInformer<T> informer;

    /**
     * @param place what the log calls it
     * @param content the part of the object that counts: a write that leaves it as it is, is none
     * @param onGone when it is deleted
     */
    NamedWatch(Resource<T> resource, String place, Function<T, ?> content, Consumer<T> onChange, Runnable onGone) {
        this.place = place;
        this.content = content;
        this.onChange = onChange;
        this.onGone = onGone;
        this.informer = resource.runnableInformer(0)
                .exceptionHandler((started, problem) -> {
                    LOG.warnf("cannot watch %s, trying again: %s", place, problem.getMessage());
                    return true;
                })
                .addEventHandler(this);
    }

    /**
     * A ConfigMap. One that goes away changes nothing: Knative does the same with its own, and half a roll-out of a chart
     * must not switch a policy off.
     */
    static NamedWatch<ConfigMap> configMap(Resource<ConfigMap> resource, String place, Consumer<ConfigMap> onChange) {
        return new NamedWatch<>(
                resource,
                "ConfigMap " + place,
                NamedWatch::data,
                onChange,
                () -> LOG.warnf("ConfigMap %s was deleted: what it said stays in force until a restart", place));
    }

    @Override
    public CompletionStage<Void> start() {
        return informer.start();
    }

    static Map<String, String> data(ConfigMap map) {
        return Optional.ofNullable(map.getData()).orElse(Map.of());
    }

    @Override
    public void onAdd(T added) {
        take(added);
    }

    @Override
    public void onUpdate(T before, T now) {
        if (!content.apply(before).equals(content.apply(now))) {
            take(now);
        }
    }

    @Override
    public void onDelete(T gone, boolean finalStateUnknown) {
        onGone.run();
    }

    @Override
    public void close() {
        informer.close();
    }

    private void take(T object) {
        try {
            onChange.accept(object);
        } catch (RuntimeException bug) {
            LOG.errorf(bug, "cannot take %s, the last good one stays", place);
        }
    }
}
