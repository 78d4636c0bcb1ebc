package dev.trimtab.webhook;

import dev.trimtab.review.AdmissionRequest;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time and allocation of one review, from the bytes of the request to the text of the answer, without a network. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ReviewBench {
    @Param({"CREATE", "REPLAY", "UNCHANGED", "INFERENCE_SERVICE"})
    private Samples.Review review;

    @Param({"1", "10", "50"})
    private int profiles;

    /** How many bytes longer the object is than a simple one. */
    @Param({"0", "20000", "100000"})
    private int bytes;

    private final Reviewer reviewer = new Reviewer(Set.of("knative-serving"));
    private byte[] body;
    private Settings settings;

    @Setup
    public void prepare() {
        body = Samples.body(review, bytes);
        settings = Samples.settings(profiles);
    }

    @Benchmark
    public String review() throws MalformedReview, Body.TooLarge {
        AdmissionRequest request = AdmissionRequest.parse(Body.parse(body));
        return reviewer.answer(request, settings).toJson().toString();
    }

    /** What every webhook has to do: the least time that a review can take. */
    @Benchmark
    public Object parse() throws MalformedReview, Body.TooLarge {
        return Body.parse(body);
    }
}
