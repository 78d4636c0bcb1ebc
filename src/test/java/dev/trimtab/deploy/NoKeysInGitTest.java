package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A key that was committed once is known for ever: none gets in, not even for a test. */
class NoKeysInGitTest {
    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----");
    private static final Pattern KEY_FILE = Pattern.compile(".*\\.(key|p12|pfx|jks|keystore)");
    /** How a PEM key begins in a Secret's data. Three characters become four: cut at a multiple of three. */
    private static final List<String> ENCODED = Stream.of("", "EC ", "RSA ", "ENCRYPTED ")
            .map(kind -> "-----BEGIN " + kind + "PRIVATE")
            .map(text -> text.substring(0, text.length() / 3 * 3))
            .map(text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII)))
            .toList();

    @Test
    @DisplayName("no tracked file is a private key or holds one")
    void tracked() {
        var git = Command.find("git");
        assumeTrue(git.isPresent(), "no git on the PATH: nothing is searched");
        var files = Command.run(List.of(git.get().toString(), "ls-files", "-z"));
        assumeTrue(files.exitCode() == 0, "not a git repository: nothing is searched");

        assertThat(Stream.of(files.output().split("\0"))
                        .map(Path::of)
                        .filter(Files::isRegularFile)
                        .filter(NoKeysInGitTest::holdsKey))
                .isEmpty();
    }

    @Test
    @DisplayName("the search finds a key: as PEM, in a Secret, and by the name of a file")
    void finds() {
        for (var kind : List.of("", "EC ", "RSA ")) {
            var key = "-----BEGIN %sPRIVATE KEY-----\nMIGH".formatted(kind);
            assertThat(isKey(key)).isTrue();
            assertThat(isKey("tls.key: " + Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.US_ASCII))))
                    .isTrue();
        }
        assertThat(isKey("-----BEGIN CERTIFICATE-----\nMIIB")).isFalse();
        assertThat(holdsKey(Path.of("certs", "any.p12"))).isTrue();
    }

    private static boolean holdsKey(Path file) {
        try {
            return KEY_FILE.matcher(file.toString()).matches()
                    || isKey(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new AssertionError(file + " could not be read", e);
        }
    }

    private static boolean isKey(String text) {
        return PEM.matcher(text).find() || ENCODED.stream().anyMatch(text::contains);
    }
}
