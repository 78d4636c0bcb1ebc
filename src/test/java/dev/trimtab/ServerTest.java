package dev.trimtab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cluster.UnusableSetting;
import io.quarkus.runtime.QuarkusBindException;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValidationException.Problem;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Why it cannot serve, in lines that an admin can act on; as Quarkus hands the problems on. */
class ServerTest {
    @Test
    @DisplayName("settings of the wrong form: one line each, without class names")
    void settings() {
        Problem mode = new Problem(
                "java.lang.IllegalArgumentException: SRCFG00039: The config property trimtab.cluster "
                        + "with the config value \"maybe\" threw an Exception whilst being converted SRCFG00049: Cannot convert "
                        + "maybe to enum class dev.trimtab.cluster.TrimtabConfig$ClusterMode, allowed values: auto,off");
        Problem port = new Problem("java.lang.IllegalArgumentException: SRCFG00039: The config property "
                + "quarkus.http.ssl-port with the config value \"abc\" threw an Exception whilst being converted "
                + "SRCFG00029: Expected an integer value, got \"abc\"");

        assertThat(Server.reasons(new ConfigValidationException(new Problem[] {mode, port})))
                .containsExactly(
                        "setting trimtab.cluster is \"maybe\": allowed values are auto,off",
                        "setting quarkus.http.ssl-port is \"abc\": Expected an integer value, got \"abc\"");
    }

    @Test
    @DisplayName("a port that another process has, and one that cannot be")
    void port() {
        assertThat(Server.reasons(wrapped(
                        new QuarkusBindException("0.0.0.0", 8443, new BindException("Address already in use")))))
                .containsExactly("port 8443 cannot be opened, another process may have it: set QUARKUS_HTTP_SSL_PORT or"
                        + " QUARKUS_MANAGEMENT_PORT");
        assertThat(Server.reasons(wrapped(new IllegalArgumentException("port must be <= 65535"))))
                .containsExactly("port must be <= 65535");
    }

    @Test
    @DisplayName("a setting of ours says itself what is wrong")
    void ours() {
        assertThat(Server.reasons(wrapped(new UnusableSetting("set both, or neither", new IOException()))))
                .containsExactly("set both, or neither");
    }

    @Test
    @DisplayName("anything else is a bug, and has its stack trace printed")
    void bug() {
        assertThat(Server.reasons(wrapped(new IllegalStateException("odd")))).isEmpty();
    }

    @Test
    @DisplayName("mvn quarkus:dev serves: the pom gives it the argument that main knows")
    void development() throws Exception {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<argsString>" + Trimtab.DEVELOPMENT + "</argsString>");
    }

    private static Throwable wrapped(Throwable cause) {
        return new RuntimeException("Failed to start quarkus", cause);
    }
}
