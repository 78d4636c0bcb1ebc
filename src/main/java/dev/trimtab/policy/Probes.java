package dev.trimtab.policy;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

public record Probes(Optional<Handler> readiness, Optional<Handler> liveness, Optional<Handler> startup) {
    static final Probes UNSET = new Probes(Optional.empty(), Optional.empty(), Optional.empty());

    public boolean isEmpty() {
        return readiness.isEmpty() && liveness.isEmpty() && startup.isEmpty();
    }

    Probes over(Probes earlier) {
        return new Probes(
                readiness.or(earlier::readiness), liveness.or(earlier::liveness), startup.or(earlier::startup));
    }

    /** How a probe checks a container. An empty port means the container's first port. */
    public sealed interface Handler {
        /**
         * A GET that must be answered with a status from 200 to 399.
         *
         * @param path from the root; {@code {name}} in it stands for the service's name
         * @param port 1 to 65,535
         */
        record HttpGet(String path, Optional<Integer> port) implements Handler {
            /** Characters of a URL behind the host (RFC 3986), and {@code {name}}. */
            static final Pattern PATH = Pattern.compile("/([A-Za-z0-9/?:@!$&'()*+,;=._~%-]|\\{name\\})*+");

            /** Empty if the path is valid. */
            static Optional<String> pathFlaw(String path) {
                if (!path.startsWith("/")) {
                    return Optional.of("is not a path; start it with /");
                }
                return PATH.matcher(path).matches()
                        ? Optional.empty()
                        : Optional.of(
                                "is not a path: use characters that a URL allows, and {name} for the service's name");
            }
        }

        /**
         * A connection that must be accepted.
         *
         * @param port 1 to 65,535
         */
        record TcpSocket(Optional<Integer> port) implements Handler {}

        /**
         * A call of the gRPC health checking protocol.
         *
         * @param port 1 to 65,535
         * @param service empty for the server as a whole
         */
        record Grpc(Optional<Integer> port, String service) implements Handler {}

        /**
         * A command inside of the container that must end with 0.
         *
         * @param command the program and its arguments; no shell
         */
        record Exec(List<String> command) implements Handler {
            public Exec {
                command = List.copyOf(command);
            }
        }
    }
}
