package dev.trimtab.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cluster.ConfigMaps;
import dev.trimtab.cluster.ScriptedCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a watch tells, in which order, and what it does not: by an API server that lists and watches. */
class ResourceWatchEventsTest {
    private static final long DEADLINE_SECONDS = 60;
    private static final String PATH = "/api/v1/namespaces/ml/configmaps";

    private final ScriptedCluster cluster = new ScriptedCluster();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final CountDownLatch mayTake = new CountDownLatch(1);
    private final ResourceWatch<ConfigMap> watch =
            ConfigMaps.one(cluster.client(), "ml", "mine", this::take, gone -> told.add("gone"));

    private void take(ConfigMap map) {
        try {
            mayTake.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        told.add(map.getData().get("value"));
    }

    @AfterEach
    void stop() {
        mayTake.countDown();
        watch.close();
        cluster.close();
    }

    @Test
    @DisplayName("listed, changed, deleted, made anew; not what leaves the data as it is, and no other object")
    void inOrder() throws Exception {
        write("1");
        cluster.configMap("ml", "other", Map.of("value", "x"));
        start();
        assertThat(next()).isEqualTo("1");

        write("2");
        write("2");
        cluster.configMap("ml", "other", Map.of("value", "y"));
        cluster.delete(PATH + "/mine");
        write("3");

        assertThat(next()).isEqualTo("2");
        assertThat(next()).isEqualTo("gone");
        assertThat(next()).isEqualTo("3");
        assertThat(told).isEmpty();
        assertThat(watch.isMissing()).isFalse();
    }

    @Test
    @DisplayName("there is none yet: the start is over, and the object is told when it comes")
    void none() throws Exception {
        start();
        assertThat(told).isEmpty();

        write("1");
        assertThat(next()).isEqualTo("1");
    }

    @Test
    @DisplayName("what happens before the start is over is told after what was listed")
    void beforeTheStartIsOver() throws Exception {
        write("1");
        CompletableFuture<Void> started = watch.start().toCompletableFuture();
        // Listed, and being taken; the watch begins when it has been.
        write("2");
        assertThat(started).isNotDone();
        assertThat(told).isEmpty();

        mayTake.countDown();
        started.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        String last = next();
        while (!last.equals("2")) {
            assertThat(last).isEqualTo("1");
            last = next();
        }
    }

    @Test
    @DisplayName(
            "the connection breaks, and the API server no longer knows what was: changes and deletions are told all the same")
    void reconnect() throws Exception {
        write("1");
        start();
        assertThat(next()).isEqualTo("1");
        watched();

        cluster.deleteQuietly(PATH + "/mine");
        cluster.disconnect();
        assertThat(next()).isEqualTo("gone");

        write("2");
        assertThat(next()).isEqualTo("2");
    }

    private void write(String value) {
        cluster.configMap("ml", "mine", Map.of("value", value));
    }

    private void start() throws Exception {
        mayTake.countDown();
        watch.start().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        watched();
    }

    private void watched() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (cluster.watches(PATH) == 0) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private String next() throws InterruptedException {
        return told.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }
}
