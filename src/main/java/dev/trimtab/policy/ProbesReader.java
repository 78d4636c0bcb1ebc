package dev.trimtab.policy;

import static dev.trimtab.policy.Fields.get;
import static dev.trimtab.policy.Fields.in;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The key {@code probes} of a profile. */
final class ProbesReader {
    static final List<String> KINDS = List.of("readiness", "liveness", "startup");
    static final List<String> HANDLERS = List.of("httpGet", "tcpSocket", "grpc", "exec");
    static final List<String> HTTP_GET = List.of("path", "port");
    static final List<String> TCP_SOCKET = List.of("port");
    static final List<String> GRPC = List.of("port", "service");
    static final List<String> EXEC = List.of("command");

    private static final Map<String, String> TIMING = Stream.of(
                    "initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold")
            .collect(Collectors.toMap(
                    Function.identity(),
                    key -> "is not for profiles: Trimtab times a probe by the kind of the workload and by"
                            + " startupSeconds; a manifest may have its own"));

    private ProbesReader() {}

    static Probes read(Map<String, YamlValue> profile) {
        Map<String, YamlValue> probes = in(profile, "probes", KINDS);
        return new Probes(
                get(probes, "readiness", ProbesReader::handler),
                get(probes, "liveness", ProbesReader::handler),
                get(probes, "startup", ProbesReader::handler));
    }

    private static Optional<Handler> handler(YamlValue probe) {
        return probe.fields(HANDLERS, TIMING).flatMap(fields -> {
            List<Optional<Handler>> handlers = Stream.of(
                            get(fields, "httpGet", value -> Optional.of(httpGet(value))),
                            get(fields, "tcpSocket", value -> Optional.of(tcpSocket(value))),
                            get(fields, "grpc", value -> Optional.of(grpc(value))),
                            get(fields, "exec", value -> Optional.of(exec(value))))
                    .flatMap(Optional::stream)
                    .toList();
            if (fields.isEmpty()) {
                probe.refuse("is empty; write one of " + String.join(", ", HANDLERS));
            } else if (handlers.size() > 1) {
                String found = HANDLERS.stream().filter(fields::containsKey).collect(Collectors.joining(" and "));
                probe.refuse("has " + found + "; a probe has exactly one of " + String.join(", ", HANDLERS));
            }
            return handlers.size() == 1 ? handlers.get(0) : Optional.empty();
        });
    }

    private static Optional<Handler> httpGet(YamlValue value) {
        return value.fields(HTTP_GET).flatMap(fields -> {
            Optional<Integer> port = port(fields);
            return required(value, fields, "path", "a path to ask, such as /health")
                    .flatMap(it -> it.text(Handler.HttpGet::pathFlaw))
                    .map(path -> new Handler.HttpGet(path, port));
        });
    }

    private static Optional<Handler> tcpSocket(YamlValue value) {
        return ofContainer(value, "tcpSocket", TCP_SOCKET).map(fields -> new Handler.TcpSocket(port(fields)));
    }

    private static Optional<Handler> grpc(YamlValue value) {
        return ofContainer(value, "grpc", GRPC)
                .map(fields -> new Handler.Grpc(
                        port(fields), get(fields, "service", YamlValue::text).orElse("")));
    }

    /** A handler that says enough without a key: it asks the container's own port. */
    private static Optional<Map<String, YamlValue>> ofContainer(YamlValue value, String key, List<String> known) {
        return value.isNothing()
                ? value.wrongType("a map", "; write " + key + ": {} for the container's own port")
                : value.fields(known);
    }

    private static Optional<Handler> exec(YamlValue value) {
        return value.fields(EXEC)
                .flatMap(fields -> required(value, fields, "command", "a list of a program and its arguments"))
                .flatMap(command -> command.list().flatMap(words -> command(command, words)));
    }

    private static Optional<Handler> command(YamlValue command, List<YamlValue> words) {
        List<String> texts =
                words.stream().flatMap(word -> word.text().stream()).toList();
        if (words.isEmpty()) {
            command.refuse("is an empty list; write a program and its arguments");
        } else if (texts.size() == words.size() && texts.get(0).isBlank()) {
            words.get(0).refuse(Quoted.of(texts.get(0)) + " is no program");
        } else if (texts.size() == words.size()) {
            return Optional.of(new Handler.Exec(texts));
        }
        return Optional.empty();
    }

    private static Optional<YamlValue> required(
            YamlValue handler, Map<String, YamlValue> fields, String key, String what) {
        if (!fields.containsKey(key)) {
            handler.child(key).refuse("is missing; write " + what);
        }
        return Optional.ofNullable(fields.get(key));
    }

    private static Optional<Integer> port(Map<String, YamlValue> fields) {
        return get(fields, "port", value -> Numbers.whole(value, Bounds.PORT));
    }
}
