package dev.trimtab.api.live;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.HashMap;
import java.util.Map;

/** Counts the GPUs of the pods in a namespace that are not ready yet, at each change of one of them. */
final class StartingGpus implements AutoCloseable {
    private static final String GPU = "nvidia.com/gpu";

    private final Map<String, Long> starting = new HashMap<>();
    private final Watch watch;
    private long most;
    private WatcherException broken;

    StartingGpus(KubernetesClient client, String namespace) {
        watch = client.pods().inNamespace(namespace).watch(new Watcher<Pod>() {
            @Override
            public void eventReceived(Action action, Pod pod) {
                seen(action, pod);
            }

            @Override
            public void onClose(WatcherException cause) {
                ended(cause);
            }
        });
    }

    /** The most at any moment so far. */
    synchronized long most() {
        if (broken != null) {
            throw new AssertionError("the watch of the pods broke", broken);
        }
        return most;
    }

    private synchronized void seen(Watcher.Action action, Pod pod) {
        String name = pod.getMetadata().getName();
        boolean deleted = action == Watcher.Action.DELETED || pod.getMetadata().getDeletionTimestamp() != null;
        if (deleted || isReady(pod)) {
            starting.remove(name);
        } else {
            starting.put(name, gpus(pod));
        }
        most = Math.max(
                most, starting.values().stream().mapToLong(Long::longValue).sum());
    }

    private synchronized void ended(WatcherException cause) {
        broken = cause;
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
    }

    private static long gpus(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .filter(it -> it.getResources() != null)
                .map(it -> it.getResources().getLimits().get(GPU))
                .filter(it -> it != null)
                .map(Quantity::getAmount)
                .mapToLong(Long::parseLong)
                .sum();
    }

    @Override
    public void close() {
        watch.close();
    }
}
