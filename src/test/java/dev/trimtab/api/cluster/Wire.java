package dev.trimtab.api.cluster;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The wire between one process and the API server: a test reads along, holds it, and cuts it. */
public final class Wire implements Interceptor {
    /** Nothing listens there: the client gets no connection, and tries again as it does by itself. */
    private static final URI NOWHERE = URI.create("https://localhost:1/");

    private final List<String> sent = new ArrayList<>();
    private final List<String> late = new ArrayList<>();
    private int lost;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile Predicate<HttpRequest> cut = request -> false;
    private volatile Predicate<HttpRequest> hold = request -> false;
    private volatile BooleanSupplier leading = () -> true;
    private volatile Consumer<HttpRequest> overtake = request -> {};

    /** From now on requests of which this holds do not arrive. */
    public void cut(Predicate<HttpRequest> which) {
        cut = which;
    }

    /** The next requests of which this holds wait until {@link #goOn}. */
    public void hold(Predicate<HttpRequest> which) {
        hold = which;
    }

    /** Somebody else does something just before each request arrives. */
    public void overtake(Consumer<HttpRequest> with) {
        overtake = with;
    }

    public boolean isHolding() {
        return reached.getCount() == 0;
    }

    public void goOn() {
        hold = request -> false;
        goOn.countDown();
    }

    /** Whose process it is. */
    public void belongsTo(BooleanSupplier leads) {
        leading = leads;
    }

    /** Method and path of each request so far that was not cut. */
    public synchronized List<String> sent() {
        return List.copyOf(sent);
    }

    /** How many did not arrive. */
    public synchronized int lost() {
        return lost;
    }

    /** What it wrote while it did not lead, beside the Lease. */
    public synchronized List<String> late() {
        return List.copyOf(late);
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (hold.test(request)) {
            reached.countDown();
            await();
        }
        overtake.accept(request);
        boolean isCut = cut.test(request);
        if (isCut) {
            builder.uri(NOWHERE);
        }
        note(request, isCut);
    }

    private synchronized void note(HttpRequest request, boolean isCut) {
        String what = request.method() + " " + request.uri().getPath();
        if (isCut) {
            lost++;
        } else {
            sent.add(what);
        }
        if (!isCut && Requests.isWrite(request) && !Requests.isAboutLease(request) && !leading.getAsBoolean()) {
            late.add(what);
        }
    }

    private void await() {
        try {
            goOn.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
