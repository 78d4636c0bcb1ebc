package dev.trimtab.policy;

import static dev.trimtab.policy.Fields.get;
import static dev.trimtab.policy.Fields.in;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The key {@code probes} of a profile. */
final class ProbesReader {
    private static final List<String> KINDS = List.of("readiness", "liveness", "startup");
    private static final List<String> HANDLERS = List.of("httpGet", "tcpSocket", "grpc", "exec");

    private ProbesReader() {}

    static Probes read(Map<String, YamlValue> profile) {
        Map<String, YamlValue> probes = in(profile, "probes", KINDS);
        return new Probes(
                get(probes, "readiness", ProbesReader::handler),
                get(probes, "liveness", ProbesReader::handler),
                get(probes, "startup", ProbesReader::handler));
    }

    private static Optional<Handler> handler(YamlValue probe) {
        return probe.fields(HANDLERS).flatMap(fields -> {
            if (fields.size() != 1) {
                probe.refuse("expected exactly one of " + String.join(", ", HANDLERS));
                return Optional.empty();
            }
            Map.Entry<String, YamlValue> handler = fields.entrySet().iterator().next();
            return switch (handler.getKey()) {
                case "httpGet" -> httpGet(handler.getValue());
                case "tcpSocket" ->
                    handler.getValue().fields(List.of("port")).map(it -> new Handler.TcpSocket(port(it)));
                case "grpc" ->
                    handler.getValue()
                            .fields(List.of("port", "service"))
                            .map(it -> new Handler.Grpc(
                                    port(it),
                                    get(it, "service", YamlValue::text).orElse("")));
                case "exec" -> exec(handler.getValue());
                default -> Optional.empty();
            };
        });
    }

    private static Optional<Handler> httpGet(YamlValue value) {
        return value.fields(List.of("path", "port")).map(fields -> {
            String path =
                    get(fields, "path", it -> it.text(ProbesReader::pathFlaw)).orElse("/");
            return new Handler.HttpGet(path, port(fields));
        });
    }

    private static Optional<String> pathFlaw(String path) {
        return path.startsWith("/") ? Optional.empty() : Optional.of("is no path: start it with /");
    }

    private static Optional<Handler> exec(YamlValue value) {
        return value.fields(List.of("command")).flatMap(fields -> {
            List<String> command = Fields.entries(fields, "command").stream()
                    .flatMap(it -> it.text().stream())
                    .toList();
            if (command.isEmpty()) {
                value.refuse("needs a command: a list of a program and its arguments");
                return Optional.empty();
            }
            return Optional.of(new Handler.Exec(command));
        });
    }

    private static Optional<Integer> port(Map<String, YamlValue> fields) {
        return get(fields, "port", value -> Numbers.whole(value, Bounds.PORT));
    }
}
