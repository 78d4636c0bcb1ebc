package dev.trimtab.cli.help;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.print.JsonText;
import dev.trimtab.cli.print.TestedVersions;
import dev.trimtab.cli.print.Version;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trimtab version}: which Trimtab this is, and with which versions of other software it is tested. */
@Command(
        name = "version",
        mixinStandardHelpOptions = true,
        description = "Prints version and commit, and the versions that Trimtab is tested with.",
        sortOptions = false,
        customSynopsis = "trimtab version [-o FORMAT]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {"", "Reads no cluster: trimtab doctor compares these versions with a cluster's.", "Exit codes: 0."})
public final class VersionCommand implements Callable<Integer> {
    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = "text or json. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Spec
    private CommandSpec spec;

    enum Format {
        TEXT,
        JSON
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.JSON) {
            json(out);
            return 0;
        }
        line(out, "trimtab", Version.text());
        line(out, "commit", Version.commit().orElse("unknown"));
        line(out, "Java", Runtime.version().toString());
        for (TestedVersions it : tested()) {
            line(out, "tested with", it.product() + " " + String.join(", ", it.tested()));
        }
        for (TestedVersions it : needed()) {
            line(out, "needs", it.product() + " " + it.oldest() + " or newer");
        }
        return 0;
    }

    private static void line(PrintWriter out, String what, String text) {
        out.println("%-12s%s".formatted(what, text));
    }

    private static void json(PrintWriter out) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("version", Version.text())
                .put("commit", Version.commit().orElse(null))
                .put("java", Runtime.version().toString());
        ObjectNode tested = root.putObject("testedWith");
        tested().forEach(it -> it.tested().forEach(tested.putArray(it.product())::add));
        ObjectNode needed = root.putObject("needs");
        needed().forEach(it -> needed.put(it.product(), it.oldest()));
        out.println(JsonText.text(root));
    }

    private static List<TestedVersions> tested() {
        return Arrays.stream(TestedVersions.values())
                .filter(it -> !it.tested().isEmpty())
                .toList();
    }

    private static List<TestedVersions> needed() {
        return Arrays.stream(TestedVersions.values())
                .filter(it -> !it.oldest().isEmpty())
                .toList();
    }
}
