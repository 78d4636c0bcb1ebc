package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.trimtab.policy.PolicyLoader.LoadedPolicy;
import dev.trimtab.policy.Probes.Handler;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said about the probes of a profile. */
class ProbesProblemsTest {
    /** What a case adds is the readiness probe, and starts on line 6, column 18. */
    static final String READINESS = ServingProblemsTest.PROFILE + "probes:\n      readiness: ";

    private static final String ONE_OF = "httpGet, tcpSocket, grpc, exec";
    private static final String URL =
            "is not a path: use characters that a URL allows, and {name} for the service's name";
    private static final String TIMING = "is not for profiles: Trimtab times a probe by the kind of the workload and by"
            + " startupSeconds; a manifest may have its own";

    /** A readiness probe, and what is said about it: the place and, under its path, the rest. */
    static Stream<Arguments> problems() {
        return Stream.of(
                // the probe
                arguments("", "6:17|: expected a map, found nothing"),
                arguments("/health", "6:18|: expected a map, found the text \"/health\""),
                arguments("{}", "6:18|: is empty; write one of " + ONE_OF),
                arguments("{http: {}}", "6:19|.http: unknown key; known here: " + ONE_OF),
                arguments("{httpget: {path: /}}", "6:19|.httpget: unknown key; did you mean httpGet?"),
                arguments(
                        "{httpGet: {path: /}, exec: {command: [a]}}",
                        "6:18|: has httpGet and exec; a probe has exactly one of " + ONE_OF),
                arguments(
                        "{grpc: {}, tcpSocket: {port: 0}}",
                        "6:18|: has tcpSocket and grpc; a probe has exactly one of " + ONE_OF,
                        "6:47|.tcpSocket.port: 0 is below 1, the least that is a port"),
                arguments("{tcpSocket: {}, periodSeconds: 5}", "6:34|.periodSeconds: " + TIMING),
                arguments("{failureThreshold: 5}", "6:19|.failureThreshold: " + TIMING),
                // httpGet
                arguments("{httpGet: }", "6:27|.httpGet: expected a map, found nothing"),
                arguments("{httpGet: {}}", "6:28|.httpGet.path: is missing; write a path to ask, such as /health"),
                arguments(
                        "{httpGet: {port: http}}",
                        "6:28|.httpGet.path: is missing; write a path to ask, such as /health",
                        "6:35|.httpGet.port: expected a whole number, found the text \"http\""),
                arguments("{httpGet: {path: }}", "6:34|.httpGet.path: expected text, found nothing"),
                arguments("{httpGet: {path: ''}}", "6:35|.httpGet.path: \"\" is not a path; start it with /"),
                arguments("{httpGet: {path: health}}", "6:35|.httpGet.path: \"health\" is not a path; start it with /"),
                arguments(
                        "{httpGet: {path: 'http://a/b'}}",
                        "6:35|.httpGet.path: \"http://a/b\" is not a path; start it with /"),
                arguments("{httpGet: {path: '/a b'}}", "6:35|.httpGet.path: \"/a b\" " + URL),
                arguments("{httpGet: {path: '/{nmae}'}}", "6:35|.httpGet.path: \"/{nmae}\" " + URL),
                arguments("{httpGet: {path: \"/a\\r\\nb\"}}", "6:35|.httpGet.path: \"/a\\u000d\\u000ab\" " + URL),
                arguments("{httpGet: {path: /, host: a}}", "6:38|.httpGet.host: unknown key; known here: path, port"),
                // ports
                arguments(
                        "{httpGet: {path: /, port: 0}}", "6:44|.httpGet.port: 0 is below 1, the least that is a port"),
                arguments(
                        "{tcpSocket: {port: 65536}}",
                        "6:37|.tcpSocket.port: 65536 is above 65535, the most that is a port"),
                arguments(
                        "{grpc: {port: '9000'}}",
                        "6:32|.grpc.port: expected a whole number, found the text \"9000\"; leave out the quotes"),
                // tcpSocket and grpc
                arguments(
                        "{tcpSocket: }",
                        "6:29|.tcpSocket: expected a map, found nothing; write tcpSocket: {} for the container's own"
                                + " port"),
                arguments("{tcpSocket: 8080}", "6:30|.tcpSocket: expected a map, found the number \"8080\""),
                arguments("{tcpSocket: {prot: 1}}", "6:31|.tcpSocket.prot: unknown key; did you mean port?"),
                arguments(
                        "{grpc: ~}",
                        "6:25|.grpc: expected a map, found nothing; write grpc: {} for the container's own port"),
                arguments(
                        "{grpc: {service: 1}}",
                        "6:35|.grpc.service: expected text, found the number \"1\"; put it in quotes"),
                // exec
                arguments("{exec: {}}", "6:25|.exec.command: is missing; write a list of a program and its arguments"),
                arguments("{exec: [ls]}", "6:25|.exec: expected a map, found a list"),
                arguments("{exec: {command: ls}}", "6:35|.exec.command: expected a list, found the text \"ls\""),
                arguments(
                        "{exec: {command: []}}",
                        "6:35|.exec.command: is an empty list; write a program and its arguments"),
                arguments("{exec: {command: ['', a]}}", "6:36|.exec.command[0]: \"\" is not a program"),
                arguments(
                        "{exec: {command: [sleep, 1]}}",
                        "6:43|.exec.command[1]: expected text, found the number \"1\"; put it in quotes"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void refuses(ArgumentsAccessor arguments) {
        List<String> expected = arguments.toList().stream()
                .skip(1)
                .map(said -> "policy.yaml:" + ((String) said).replaceFirst("\\|", ": profiles[0].probes.readiness"))
                .toList();

        LoadedPolicy loaded = PolicyLoader.load(READINESS + arguments.getString(0));

        assertThat(loaded.policy()).isEmpty();
        assertThat(loaded.problems()).extracting(PolicyProblem::toString).containsExactlyElementsOf(expected);
    }

    @Test
    @DisplayName("a kind of probe that there is not, and a list of probes")
    void kinds() {
        assertThat(PolicyLoader.load(ServingProblemsTest.PROFILE + "probes: {ready: {}, live: {}}")
                        .problems())
                .extracting(PolicyProblem::toString)
                .containsExactly(
                        "policy.yaml:5:14: profiles[0].probes.ready: unknown key; known here: readiness, liveness,"
                                + " startup",
                        "policy.yaml:5:25: profiles[0].probes.live: unknown key; known here: readiness, liveness,"
                                + " startup");
        assertThat(PolicyLoader.load(ServingProblemsTest.PROFILE + "probes: []").problems())
                .extracting(PolicyProblem::toString)
                .containsExactly("policy.yaml:5:13: profiles[0].probes: expected a map, found a list");
    }

    static Stream<Arguments> handlers() {
        Optional<Integer> own = Optional.empty();
        return Stream.of(
                arguments("{httpGet: {path: /}}", new Handler.HttpGet("/", own)),
                arguments(
                        "{httpGet: {path: '/a?b=c%20d&e', port: 1}}",
                        new Handler.HttpGet("/a?b=c%20d&e", Optional.of(1))),
                arguments("{httpGet: {path: '/{name}/{name}'}}", new Handler.HttpGet("/{name}/{name}", own)),
                arguments("{tcpSocket: {}}", new Handler.TcpSocket(own)),
                arguments("{tcpSocket: {port: 65535}}", new Handler.TcpSocket(Optional.of(65535))),
                arguments("{grpc: {}}", new Handler.Grpc(own, "")),
                arguments("{grpc: {service: x.Y}}", new Handler.Grpc(own, "x.Y")),
                arguments("{exec: {command: [test, -n, '']}}", new Handler.Exec(List.of("test", "-n", ""))));
    }

    @ParameterizedTest
    @MethodSource("handlers")
    void accepts(String readiness, Handler handler) {
        LoadedPolicy loaded = PolicyLoader.load(READINESS + readiness);

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.policy().orElseThrow().profiles().get(0).serving().probes())
                .isEqualTo(new Probes(Optional.of(handler), Optional.empty(), Optional.empty()));
    }

    @Test
    @DisplayName("a very long path costs time, not the stack")
    void longPath() {
        String path = "/{name}" + "a".repeat(100_000);

        assertThat(PolicyLoader.load(READINESS + "{httpGet: {path: '" + path + "'}}")
                        .problems())
                .isEmpty();
        assertThat(PolicyLoader.load(READINESS + "{httpGet: {path: '" + path + " '}}")
                        .problems())
                .hasSize(1);
    }

    @Test
    @DisplayName("no probes at all is what a profile without the key says")
    void none() {
        assertThat(PolicyLoader.load(ServingProblemsTest.PROFILE + "probes: {}")
                        .policy()
                        .orElseThrow()
                        .profiles()
                        .get(0)
                        .serving())
                .isEqualTo(Serving.UNKNOWN);
    }
}
