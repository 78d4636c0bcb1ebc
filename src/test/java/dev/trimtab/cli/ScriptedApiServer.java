package dev.trimtab.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Answers as an API server does in cases that a real one is hard to bring into. */
public final class ScriptedApiServer implements AutoCloseable {
    /** What is answered. */
    public record Answer(int code, String body) {
        public static Answer status(int code, String message) {
            return new Answer(
                    code,
                    "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":%d,\"message\":\"%s\"}"
                            .formatted(code, message));
        }
    }

    /** The script. */
    public interface Script {
        Answer answer(String method, String path, String body);
    }

    static {
        // Without it each answer waits 40 ms for an acknowledgement of its headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    public final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final HttpServer server;

    public ScriptedApiServer(Script script) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", exchange -> handle(exchange, script));
        server.start();
    }

    private void handle(HttpExchange exchange, Script script) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        String path = exchange.getRequestURI().toString();
        requests.add(exchange.getRequestMethod() + " " + path + (body.isEmpty() ? "" : " " + type + " " + body));
        Answer answer = script.answer(exchange.getRequestMethod(), path, body);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.code(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public String kubeconfig(Path folder) {
        return kubeconfig(folder, url());
    }

    /** The command line against this server. */
    public Cli run(Path folder, String... args) {
        return Cli.run(Stream.concat(Stream.of(args), Stream.of("--kubeconfig", kubeconfig(folder)))
                .toArray(String[]::new));
    }

    public static String kubeconfig(Path folder, String url) {
        return Cli.write(folder, "kubeconfig", """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s"}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: d, context: {cluster: c, user: u, namespace: ml}}]
                current-context: d
                """.formatted(url));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
