package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/** How a probe asks a container whether it is well. A port that is left out is the container's own. */
public sealed interface Handler {
    /**
     * A GET that must be answered with a status from 200 to 399.
     *
     * @param path from the root; {@code {name}} in it stands for the service's name
     * @param port 1 to 65,535
     */
    record HttpGet(String path, Optional<Integer> port) implements Handler {
        public HttpGet {
            requireNonNull(path, "path");
            Bounds.PORT.requireWhole("port", port);
        }
    }

    /**
     * A connection that must be accepted.
     *
     * @param port 1 to 65,535
     */
    record TcpSocket(Optional<Integer> port) implements Handler {
        public TcpSocket {
            Bounds.PORT.requireWhole("port", port);
        }
    }

    /**
     * A call of the gRPC health checking protocol.
     *
     * @param port 1 to 65,535
     * @param service the one that is asked about; empty for the server as a whole
     */
    record Grpc(Optional<Integer> port, String service) implements Handler {
        public Grpc {
            requireNonNull(service, "service");
            Bounds.PORT.requireWhole("port", port);
        }
    }

    /**
     * A command inside of the container that must end with 0.
     *
     * @param command the program and its arguments; no shell
     */
    record Exec(List<String> command) implements Handler {
        /** @throws IllegalArgumentException if there is no program */
        public Exec {
            command = List.copyOf(command);
            if (command.isEmpty()) {
                throw new IllegalArgumentException("a command needs a program");
            }
        }
    }
}
