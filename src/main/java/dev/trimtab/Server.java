package dev.trimtab;

import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cluster.UnusableSetting;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusBindException;
import io.smallrye.config.ConfigValidationException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Runs the server. Prints one line per problem if it cannot start. */
final class Server {
    private Server() {}

    /** Returns the exit code when the server has ended or could not start. */
    static int run(PrintWriter err) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        // With a handler set, Quarkus does not print the failure itself.
        Quarkus.run(null, (code, problem) -> failure.set(problem));
        if (failure.get() == null) {
            return 0;
        }
        List<String> reasons = reasons(failure.get());
        reasons.forEach(reason -> err.println("trimtab: cannot serve: " + reason));
        if (reasons.isEmpty()) {
            err.println("trimtab: cannot serve because of a bug in Trimtab:");
            failure.get().printStackTrace(err);
        }
        return TrimtabCommand.TROUBLE;
    }

    /** Returns one line per problem that an admin can fix. Empty for a bug. */
    static List<String> reasons(Throwable failure) {
        List<Throwable> causes =
                Stream.iterate(failure, it -> it != null, Throwable::getCause).toList();
        return first(causes, ConfigValidationException.class)
                .map(Server::settings)
                .or(() -> first(causes, QuarkusBindException.class).map(Server::port))
                .or(() -> first(causes, UnusableSetting.class).map(it -> List.of(it.getMessage())))
                .or(() -> causes.stream()
                        .map(Throwable::getMessage)
                        .filter(Server::isPortBound)
                        .findFirst()
                        .map(List::of))
                .orElse(List.of());
    }

    private static <T> Optional<T> first(List<Throwable> causes, Class<T> type) {
        return causes.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private static List<String> settings(ConfigValidationException invalid) {
        return IntStream.range(0, invalid.getProblemCount())
                .mapToObj(i -> invalid.getProblem(i).getMessage())
                .map(Server::setting)
                .toList();
    }

    /** SmallRye's wording without its exceptions, numbers and class names. */
    private static String setting(String problem) {
        return problem.replaceAll("SRCFG\\d+: |\\S+Exception: ", "")
                .replaceAll("\\s+", " ")
                .replaceAll(
                        "The config property (\\S+) with the config value (\".*?\") threw an Exception whilst being converted",
                        "setting $1 is $2:")
                .replaceAll("Cannot convert \\S+ to enum class [^,\\s]+, allowed values: ", "allowed values are ");
    }

    /** Whether this is Vert.x's message for a port outside 0 to 65535. */
    private static boolean isPortBound(String message) {
        return message != null && message.startsWith("port must be ");
    }

    private static List<String> port(QuarkusBindException taken) {
        return List.of("port %d cannot be opened, another process may have it: set QUARKUS_HTTP_SSL_PORT or"
                        .formatted(taken.getPort())
                + " QUARKUS_MANAGEMENT_PORT");
    }
}
