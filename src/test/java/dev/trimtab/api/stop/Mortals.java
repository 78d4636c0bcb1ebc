package dev.trimtab.api.stop;

import dev.trimtab.api.cluster.Requests;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Kills processes at a write: one process for each namespace, so that many of them can share a client. */
final class Mortals implements Interceptor {
    private final Map<String, Life> lives = new ConcurrentHashMap<>();

    /** On which side of its last write a process is killed. */
    enum Death {
        /** It was not sent. */
        BEFORE,
        /** It was carried out, and the answer is lost. */
        AFTER
    }

    /** No code of the process may catch it. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private static final class Life {
        private final int allowed;
        private final Death death;
        private int writes;
        private boolean last;
        private boolean over;

        private Life(int allowed, Death death) {
            this.allowed = allowed;
            this.death = death;
        }
    }

    /** From now on a process is at work there that is killed when it has written so often. */
    void born(String namespace, int writes, Death death) {
        lives.put(namespace, new Life(writes, death));
    }

    boolean isDead(String namespace) {
        Life life = lives.get(namespace);
        synchronized (life) {
            return life.over;
        }
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        Life life = lives.get(Requests.namespace(request));
        if (life == null) {
            return;
        }
        synchronized (life) {
            if (!life.over && Requests.isWrite(request) && life.writes++ == life.allowed) {
                life.last = true;
                life.over = life.death == Death.BEFORE;
            }
            if (life.over) {
                throw new Killed();
            }
        }
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        Life life = lives.get(Requests.namespace(request));
        if (life == null) {
            return;
        }
        synchronized (life) {
            if (life.last) {
                life.over = true;
                throw new Killed();
            }
        }
    }
}
