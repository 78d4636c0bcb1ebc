package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.yaml.Position;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** SARIF 2.1.0, as code scanning services read it. */
final class SarifReport implements CheckReport {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    /** Of AIBrix's PodAutoscalers. */
    private static final Pattern CHECK = Pattern.compile("A\\d+");

    private final PrintWriter out;
    private final List<String> rules = new ArrayList<>();
    private final ArrayNode results = JsonNodeFactory.instance.arrayNode();

    SarifReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void add(Checked object) {
        object.findings().forEach(finding -> add(object, finding));
    }

    private void add(Checked object, Finding finding) {
        if (!rules.contains(finding.rule())) {
            rules.add(finding.rule());
        }
        ObjectNode result = results.addObject();
        result.put("ruleId", finding.rule()).put("ruleIndex", rules.indexOf(finding.rule()));
        result.put("level", level(finding));
        result.putObject("message").put("text", object.text(finding));
        ObjectNode location = result.putArray("locations").addObject().putObject("physicalLocation");
        location.putObject("artifactLocation").put("uri", uri(object.file()));
        Position at = finding.at();
        location.putObject("region").put("startLine", at.line()).put("startColumn", at.column());
    }

    private static String level(Finding finding) {
        return switch (finding.level()) {
            case REFUSED -> "error";
            case CLAMPED -> "warning";
            case WARNING -> "note";
        };
    }

    @Override
    public void end(int others, boolean isWhole) {
        ObjectNode sarif = JsonNodeFactory.instance.objectNode();
        sarif.put("$schema", SCHEMA).put("version", "2.1.0");
        ObjectNode run = sarif.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "trimtab").put("version", Version.text());
        ArrayNode described = driver.putArray("rules");
        rules.forEach(rule -> describe(described.addObject(), rule));
        run.put("columnKind", "unicodeCodePoints");
        run.set("results", results);
        out.println(JsonOutput.text(sarif));
    }

    /** What each rule does stands on the page of the rules, or of the checks: their Javadoc makes both. */
    private static void describe(ObjectNode described, String rule) {
        String what = "Rule " + rule + " of Trimtab";
        String where = "See docs/rules.md.";
        if (rule.equals("knative")) {
            what = "What Knative itself refuses";
            where = "Knative's webhook gives this answer.";
        } else if (CHECK.matcher(rule).matches()) {
            what = "Check " + rule + " of PodAutoscalers";
            where = "See docs/aibrix.md.";
        }
        described.put("id", rule);
        described.putObject("shortDescription").put("text", what);
        described.putObject("fullDescription").put("text", what + ". " + where);
        described.putObject("help").put("text", where);
    }

    /** Relative names stay relative: they are looked for from the root of the repository. */
    private static String uri(String file) {
        Path path = Path.of(file);
        if (path.isAbsolute()) {
            return path.toUri().toString();
        }
        String name = path.normalize().toString().replace('\\', '/');
        // What stands before a colon would be a scheme (RFC 3986, 4.2).
        String relative = name.contains(":") ? "./" + name : name;
        try {
            return new URI(null, null, relative, null).toASCIIString();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("a file name that is no path of a URI: " + file, impossible);
        }
    }
}
