package dev.trimtab.api.install;

import dev.trimtab.api.cluster.Replica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What kube-proxy makes of a Service: a new connection goes to one of the replicas that were ready when they were last
 * probed; one that is open stays where it is.
 */
final class ServiceProxy implements AutoCloseable {
    private static final int PROBE_MILLIS = 200;
    private static final int BACKLOG = 100;

    private final ServerSocket server;
    private final List<Replica> replicas = new CopyOnWriteArrayList<>();
    private final List<Replica> endpoints = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final ExecutorService connections = Executors.newCachedThreadPool();
    private final ScheduledExecutorService probes = Executors.newSingleThreadScheduledExecutor();

    ServiceProxy() {
        try {
            server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.execute(this::accept);
        var unused = probes.scheduleWithFixedDelay(this::probe, 0, PROBE_MILLIS, TimeUnit.MILLISECONDS);
    }

    int port() {
        return server.getLocalPort();
    }

    void add(Replica replica) {
        replicas.add(replica);
    }

    /** Whether connections go there. */
    boolean has(Replica replica) {
        return endpoints.contains(replica);
    }

    private void probe() {
        for (Replica replica : replicas) {
            boolean ready = replica.isReady();
            if (ready && !endpoints.contains(replica)) {
                endpoints.add(replica);
            } else if (!ready) {
                endpoints.remove(replica);
            }
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                connections.execute(() -> forward(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void forward(Socket client) {
        Object[] now = endpoints.toArray();
        try (client) {
            if (now.length == 0) {
                return;
            }
            Replica replica = (Replica) now[Math.floorMod(turn.getAndIncrement(), now.length)];
            try (Socket pod = replica.connect()) {
                connections.execute(() -> copy(pod, client));
                copy(client, pod);
            }
        } catch (IOException gone) {
            // The client sees that its connection ends.
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            // As it should be.
        }
    }

    @Override
    public void close() {
        probes.shutdownNow();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.shutdownNow();
    }
}
