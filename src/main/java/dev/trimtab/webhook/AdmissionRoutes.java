package dev.trimtab.webhook;

import dev.trimtab.cluster.CurrentSettings;
import dev.trimtab.cluster.CurrentSettings.NotLoadedYet;
import dev.trimtab.review.AdmissionRequest;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.AutoscalerGuard;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.ScheduleReview;
import dev.trimtab.review.StopGuard;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.webhook.ReviewMetrics.Failure;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jboss.logging.Logger;

/**
 * Answers {@code admission.k8s.io/v1} AdmissionReviews. A review that cannot block is answered on the event loop that
 * read it. One that waits for the cluster, or that may take milliseconds, goes to a worker thread.
 */
@ApplicationScoped
public class AdmissionRoutes {
    private static final Logger LOG = Logger.getLogger(AdmissionRoutes.class);

    /**
     * KServe may act on an InferenceService before our watch reports it, so a review waits for the watch. The wait is
     * well below the webhook's timeoutSeconds of 3, after which the API server goes on without an answer.
     */
    private static final Duration LONGEST_WAIT_FOR_WATCH = Duration.ofSeconds(1);

    /** In bytes. A larger review takes more than a millisecond, and an event loop serves many connections. */
    private static final int LARGE = 128 * 1024;

    /** In bytes. Above {@link Body#LARGEST}, so that most callers can read why; no larger body is kept in memory. */
    private static final int UNREAD = 8 * 1024 * 1024;

    /**
     * In bytes, of all bodies at one time. A body of 3 MiB takes up to 150 MiB while it is reviewed, of a heap of 230, so
     * large ones are reviewed one after another, a third of a second each. Five can wait within the webhook's 3 seconds.
     */
    private static final long BODIES = 16 * 1024 * 1024;

    private static final String SHARE = BodyBudget.Share.class.getName();

    private final BodyBudget bodies = new BodyBudget(BODIES);
    private final Vertx vertx;
    private final WorkerExecutor large;
    private final Reviewer reviewer;
    private final StopGuard stopGuard;
    private final AutoscalerGuard autoscalers;
    private final PolicyReview policies;
    private final ScheduleReview schedules;
    private final CurrentSettings settings;
    private final ReviewMetrics metrics;
    private final Tracing tracing;

    AdmissionRoutes(
            Vertx vertx,
            Reviewer reviewer,
            StopGuard stopGuard,
            AutoscalerGuard autoscalers,
            PolicyReview policies,
            ScheduleReview schedules,
            CurrentSettings settings,
            ReviewMetrics metrics,
            Tracing tracing) {
        this.vertx = vertx;
        this.large = vertx.createSharedWorkerExecutor("large-reviews", 1);
        this.reviewer = reviewer;
        this.stopGuard = stopGuard;
        this.autoscalers = autoscalers;
        this.policies = policies;
        this.schedules = schedules;
        this.settings = settings;
        this.metrics = metrics;
        this.tracing = tracing;
    }

    void serve(@Observes Router router) {
        serve(router, "/mutate", new Mutate());
        serve(router, "/replay", new Replay());
        serve(router, "/validate", new Validate());
        router.route()
                .last()
                .handler(context -> refuse(context, 404, "POST an AdmissionReview to /mutate or /validate"));
    }

    private void serve(Router router, String path, Endpoint endpoint) {
        // A route of its own: Vert.x puts nothing before a BodyHandler in the same one.
        router.post(path).handler(this::admit);
        router.post(path)
                .handler(BodyHandler.create(false).setBodyLimit(UNREAD))
                .handler(context -> answer(context, context.body().buffer(), endpoint))
                .failureHandler(this::unread);
        router.route(path).handler(context -> refuse(context, 405, "POST an AdmissionReview"));
    }

    /** Takes the body's share of the memory before the body is read. */
    private void admit(RoutingContext context) {
        Optional<BodyBudget.Share> share = bodies.take(announced(context.request()));
        if (share.isEmpty()) {
            metrics.failed(Failure.OVERLOADED);
            refuseUnread(context);
            return;
        }
        context.put(SHARE, share.get());
        context.addEndHandler(ended -> {
            // A large review goes on if its caller goes away, and gives back at its end.
            if (context.get(SHARE) != null) {
                share.get().giveBack();
            }
        });
        context.next();
    }

    /**
     * The body is read and dropped: a caller that is still sending would see a broken connection instead of the answer.
     * The API server's failurePolicy decides, as it does without an answer.
     */
    private static void refuseUnread(RoutingContext context) {
        String message = "the bodies under review have %d bytes already; send it again".formatted(BODIES);
        context.request()
                .handler(dropped -> {})
                .endHandler(end -> refuse(context, 503, message))
                .resume();
    }

    /** In bytes. A body without a length, which the API server never sends, counts as the largest that is read. */
    private static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? UNREAD : Math.max(0, Math.min(UNREAD, Long.parseLong(length)));
        } catch (NumberFormatException noNumber) {
            return UNREAD;
        }
    }

    private void answer(RoutingContext context, Buffer buffer, Endpoint endpoint) {
        Call call = new Call(endpoint, context.request().headers(), new Steps(System.nanoTime()));
        if (buffer != null && buffer.length() > LARGE) {
            answerLarge(context, buffer, call);
            return;
        }
        try {
            AdmissionRequest request = request(buffer == null ? new byte[0] : buffer.getBytes());
            if (endpoint.isQuick(request)) {
                send(context, answer(request, call, Duration.ZERO));
            } else {
                Callable<Buffer> review = () -> answer(request, call, LONGEST_WAIT_FOR_WATCH);
                send(context, vertx.executeBlocking(review, false));
            }
        } catch (MalformedReview | Body.TooLarge | RuntimeException problem) {
            refuse(context, problem);
        }
    }

    private void answerLarge(RoutingContext context, Buffer buffer, Call call) {
        BodyBudget.Share share = context.remove(SHARE);
        Callable<Buffer> review = () -> answer(request(buffer.getBytes()), call, LONGEST_WAIT_FOR_WATCH);
        send(context, large.executeBlocking(review).onComplete(done -> share.giveBack()));
    }

    private void send(RoutingContext context, Future<Buffer> answer) {
        answer.onSuccess(json -> send(context, json)).onFailure(problem -> refuse(context, problem));
    }

    private static AdmissionRequest request(byte[] body) throws MalformedReview, Body.TooLarge {
        return AdmissionRequest.parse(Body.parse(body));
    }

    /** What is known of a request before its body is read. */
    private record Call(Endpoint endpoint, MultiMap headers, Steps steps) {}

    /** The bytes of the answer. */
    private Buffer answer(AdmissionRequest request, Call call, Duration wait) {
        Steps steps = call.steps();
        try {
            steps.done("read");
            Settings known = call.endpoint().resolve(request, wait);
            steps.done("resolve");
            AdmissionResponse response = call.endpoint().review(request, known);
            steps.done("decide");
            Buffer json = Buffer.buffer(response.toJson().toString());
            steps.done("answer");
            metrics.enter(response, steps.nanoseconds());
            tracing.traces().ifPresent(it -> it.answered(call.headers(), response, steps));
            return json;
        } catch (RuntimeException problem) {
            steps.done("fail");
            tracing.traces().ifPresent(it -> it.failed(call.headers(), request, steps, problem));
            throw problem;
        }
    }

    private static void send(RoutingContext context, Buffer json) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(json);
    }

    /** The body was not read to its end: it is too large, or the caller went away. */
    private void unread(RoutingContext context) {
        if (context.statusCode() == 413) {
            metrics.failed(Failure.TOO_LARGE);
            String message = "the body has more than the %d bytes that an AdmissionReview can have";
            refuse(context, 413, message.formatted(Body.LARGEST));
        } else {
            LOG.debugf("a request ended before its body: %s", context.failure());
            refuse(context, 400, "the body cannot be read");
        }
    }

    /** One line for the caller, never a stack trace. */
    private void refuse(RoutingContext context, Throwable problem) {
        if (problem instanceof MalformedReview) {
            LOG.debugf("refused a request: %s", problem.getMessage());
            metrics.failed(Failure.MALFORMED);
            refuse(context, 400, problem.getMessage());
        } else if (problem instanceof Body.TooLarge) {
            metrics.failed(Failure.TOO_LARGE);
            refuse(context, 413, problem.getMessage());
        } else if (problem instanceof NotLoadedYet) {
            // The API server's failurePolicy decides, as it does without an answer.
            metrics.failed(Failure.NOT_LOADED);
            refuse(context, 503, problem.getMessage());
        } else {
            LOG.error("a review failed, which is a bug of Trimtab; the API server's failurePolicy decides", problem);
            metrics.failed(Failure.BUG);
            refuse(context, 500, "internal error, the reason is in Trimtab's log");
        }
    }

    private static void refuse(RoutingContext context, int status, String message) {
        HttpServerResponse response = context.response();
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain;charset=UTF-8")
                    .end("trimtab: " + message + "\n");
        }
    }

    /** What one path does. */
    interface Endpoint {
        /** @param wait how long the review may wait for what the cluster has not reported yet */
        Settings resolve(AdmissionRequest request, Duration wait);

        AdmissionResponse review(AdmissionRequest request, Settings known);

        /** Whether the review can be answered at once, in less than a millisecond. */
        default boolean isQuick(AdmissionRequest request) {
            return true;
        }
    }

    private final class Mutate implements Endpoint {
        @Override
        public Settings resolve(AdmissionRequest request, Duration wait) {
            return settings.await(known -> !reviewer.lacksModelFormat(request, known), wait);
        }

        @Override
        public AdmissionResponse review(AdmissionRequest request, Settings known) {
            return reviewer.answer(request, known);
        }

        @Override
        public boolean isQuick(AdmissionRequest request) {
            return !reviewer.lacksModelFormat(request, settings.get());
        }
    }

    private final class Replay implements Endpoint {
        @Override
        public Settings resolve(AdmissionRequest request, Duration wait) {
            return settings.get();
        }

        @Override
        public AdmissionResponse review(AdmissionRequest request, Settings known) {
            return reviewer.replay(request, known);
        }
    }

    /**
     * Refuses invalid policy ConfigMaps and ServingSchedules, and PodAutoscalers of AIBrix that cannot work. Also refuses Services and
     * Deployments with which KServe would start the pods of a stopped service.
     */
    final class Validate implements Endpoint {
        @Override
        public Settings resolve(AdmissionRequest request, Duration wait) {
            return switch (request.kind()) {
                case "Service", "Deployment" -> settings.await(known -> !stopGuard.lacksStop(request, known), wait);
                case "PodAutoscaler", "ServingSchedule" -> settings.get();
                // A policy can be judged before anything is loaded.
                default -> Settings.DEFAULTS.withPolicy(settings.policy());
            };
        }

        @Override
        public AdmissionResponse review(AdmissionRequest request, Settings known) {
            return switch (request.kind()) {
                case "Service", "Deployment" -> stopGuard.answer(request, known);
                case "PodAutoscaler" -> autoscalers.answer(request, known);
                case "ServingSchedule" -> schedules.answer(request, known);
                default -> policies.answer(request, known.policy());
            };
        }

        @Override
        public boolean isQuick(AdmissionRequest request) {
            return switch (request.kind()) {
                case "Service", "Deployment" -> !stopGuard.lacksStop(request, settings.get());
                default -> false;
            };
        }
    }
}
