package dev.trimtab.cli.print;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"trimtab " + text()};
    }

    public static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("of a working tree, not packaged");
    }
}
