package dev.trimtab.cli.print;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What the build noted about itself. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "trimtab " + text() + commit().map(it -> ", commit " + it).orElse("")
        };
    }

    public static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("of a working tree, not packaged");
    }

    /** The commit that was built. Empty if there was no Git, and if Maven did not build this. */
    public static Optional<String> commit() {
        Properties build = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("build.properties")) {
            build.load(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return Optional.of(build.getProperty("commit")).filter(it -> it.matches("[0-9a-f]{7,64}"));
    }
}
