package dev.trimtab.gitops;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** {@code .krew.yaml}, as krew-release-bot renders it (krew-release-bot, source/template.go). */
public final class KrewManifest {
    private static final Pattern ADDRESS = Pattern.compile("(?m)^( *)\\{\\{addURIAndSha \"([^\"]+)\" \\.TagName }}$");

    private KrewManifest() {}

    public static ObjectNode rendered(String tag, String sha256) {
        String template = Recipes.text(Path.of(".krew.yaml"));
        return Recipes.parse(ADDRESS.matcher(template)
                .replaceAll("$1uri: $2\n$1sha256: " + sha256)
                .replace("{{ .TagName }}", tag));
    }
}
