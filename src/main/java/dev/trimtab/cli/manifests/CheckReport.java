package dev.trimtab.cli.manifests;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.manifests.CheckRun.CheckedObject;
import dev.trimtab.cli.manifests.CheckRun.CheckedObject.Finding;
import dev.trimtab.cli.manifests.CheckRun.CheckedObject.Finding.Level;
import dev.trimtab.cli.print.JsonText;
import dev.trimtab.cli.print.Paint;
import dev.trimtab.cli.print.Version;
import dev.trimtab.policy.AibrixCheck;
import dev.trimtab.yaml.YamlDocument.Position;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

sealed interface CheckReport {
    void add(CheckedObject object);

    void end(int others, boolean isWhole);

    /** Counts objects and findings for the line that sums up. */
    static final class Summary {
        private final Map<Level, Integer> found = new EnumMap<>(Level.class);
        private int objects;

        void add(CheckedObject object) {
            objects++;
            object.findings().forEach(it -> found.merge(it.level(), 1, Integer::sum));
        }

        String text(int others, boolean isWhole) {
            StringBuilder summary = new StringBuilder(objects == 1 ? "1 object: " : objects + " objects: ");
            String nothing = "nothing would be clamped or refused" + (isWhole ? "" : " in what could be read");
            if (objects == 0 && others == 0 && !isWhole) {
                nothing = "nothing could be checked";
            }
            summary.append(found.isEmpty() ? nothing : "");
            String separator = "";
            for (Map.Entry<Level, Integer> level : found.entrySet()) {
                boolean several = level.getKey() == Level.WARNING && level.getValue() > 1;
                summary.append(separator).append(level.getValue()).append(' ').append(level.getKey());
                summary.append(several ? "s" : "");
                separator = ", ";
            }
            if (others > 0) {
                summary.append("; ").append(others).append(others == 1 ? " of another kind" : " of other kinds");
            }
            return summary.toString();
        }
    }

    /** One line per finding, as compilers print them, and a summary line. */
    static final class Text implements CheckReport {
        private final PrintWriter out;
        private final Paint paint;
        private final Summary summary = new Summary();

        Text(PrintWriter out, Paint paint) {
            this.out = out;
            this.paint = paint;
        }

        @Override
        public void add(CheckedObject object) {
            summary.add(object);
            for (Finding finding : object.findings()) {
                out.println("%s: %s: %s"
                        .formatted(paint.bold(object.place(finding)), level(finding), object.text(finding)));
            }
        }

        private String level(Finding finding) {
            String text = finding.level().toString();
            return finding.level() == Level.REFUSED ? paint.red(text) : paint.yellow(text);
        }

        @Override
        public void end(int others, boolean isWhole) {
            out.println(summary.text(others, isWhole));
        }
    }

    /** JUnit XML: one suite per file, one case per object. */
    static final class Junit implements CheckReport {
        private final PrintWriter out;
        private final Map<String, List<CheckedObject>> files = new LinkedHashMap<>();

        Junit(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void add(CheckedObject object) {
            files.computeIfAbsent(object.file().name(), file -> new ArrayList<>())
                    .add(object);
        }

        @Override
        public void end(int others, boolean isWhole) {
            try {
                XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
                xml.writeStartDocument("UTF-8", "1.0");
                start(xml, 0, "testsuites");
                xml.writeAttribute("name", "trimtab check");
                counts(xml, files.values().stream().flatMap(List::stream).toList());
                for (Map.Entry<String, List<CheckedObject>> file : files.entrySet()) {
                    start(xml, 1, "testsuite");
                    xml.writeAttribute("name", text(file.getKey()));
                    counts(xml, file.getValue());
                    for (CheckedObject object : file.getValue()) {
                        testCase(xml, object);
                    }
                    end(xml, 1);
                }
                end(xml, 0);
                out.println();
            } catch (XMLStreamException impossible) {
                throw new IllegalStateException("a report that cannot be written", impossible);
            }
        }

        private static void counts(XMLStreamWriter xml, List<CheckedObject> objects) throws XMLStreamException {
            long failures = objects.stream().filter(CheckedObject::isFound).count();
            xml.writeAttribute("tests", String.valueOf(objects.size()));
            xml.writeAttribute("failures", String.valueOf(failures));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", "0");
        }

        private static void testCase(XMLStreamWriter xml, CheckedObject object) throws XMLStreamException {
            start(xml, 2, "testcase");
            xml.writeAttribute("name", text(object.namespace() + "/" + object.object()));
            xml.writeAttribute("classname", text(object.file().name()));
            List<Finding> found = object.findings().stream()
                    .filter(it -> it.level().isFound())
                    .toList();
            if (!found.isEmpty()) {
                start(xml, 3, "failure");
                xml.writeAttribute("type", found.get(0).level().toString());
                xml.writeAttribute("message", text(object.text(found.get(0))));
                xml.writeCharacters(lines(object, found));
                end(xml, 3);
            }
            List<Finding> warnings = object.findings().stream()
                    .filter(it -> !it.level().isFound())
                    .toList();
            if (!warnings.isEmpty()) {
                start(xml, 3, "system-out");
                xml.writeCharacters(lines(object, warnings));
                end(xml, 3);
            }
            end(xml, 2);
        }

        private static String lines(CheckedObject object, List<Finding> findings) {
            StringBuilder lines = new StringBuilder("\n");
            findings.forEach(it -> lines.append(text(object.line(it))).append('\n'));
            return lines.toString();
        }

        private static void start(XMLStreamWriter xml, int depth, String element) throws XMLStreamException {
            xml.writeCharacters("\n" + "  ".repeat(depth));
            xml.writeStartElement(element);
        }

        private static void end(XMLStreamWriter xml, int depth) throws XMLStreamException {
            xml.writeCharacters("\n" + "  ".repeat(depth));
            xml.writeEndElement();
        }

        /** XML 1.0 cannot hold most control characters, but an author's value can. */
        private static String text(String text) {
            return text.replaceAll("[^\\t\\n\\r\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", "\uFFFD");
        }
    }

    /**
     * Workflow commands: GitHub shows each finding at its line in the pull request. The log shows only the message of a
     * command, so the message has the place too. Lines of rendered text are not lines of a file.
     */
    static final class Github implements CheckReport {
        private final PrintWriter out;
        private final Summary summary = new Summary();

        Github(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void add(CheckedObject object) {
            summary.add(object);
            for (Finding finding : object.findings()) {
                Position at = finding.at();
                String place = object.file().path().isEmpty()
                        ? ""
                        : "file=%s,line=%d,col=%d,".formatted(property(name(object)), at.line(), at.column());
                out.println("::%s %stitle=%s::%s"
                        .formatted(
                                command(finding),
                                place,
                                property("Trimtab: " + finding.rule()),
                                data(object.line(finding))));
            }
        }

        /** GitHub knows a file by its name from the root of the repository, without {@code ./}. */
        private static String name(CheckedObject object) {
            return Path.of(object.file().name()).normalize().toString();
        }

        private static String command(Finding finding) {
            return switch (finding.level()) {
                case REFUSED -> "error";
                case CLAMPED -> "warning";
                case WARNING -> "notice";
            };
        }

        @Override
        public void end(int others, boolean isWhole) {
            out.println(summary.text(others, isWhole));
        }

        /** As actions/toolkit escapes: packages/core/src/command.ts. */
        private static String data(String text) {
            return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
        }

        private static String property(String text) {
            return data(text).replace(":", "%3A").replace(",", "%2C");
        }
    }

    /** SARIF 2.1.0, for code scanning services. */
    static final class Sarif implements CheckReport {
        private static final String SCHEMA =
                "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

        private final PrintWriter out;
        private final List<String> rules = new ArrayList<>();
        private final ArrayNode results = JsonNodeFactory.instance.arrayNode();

        Sarif(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void add(CheckedObject object) {
            object.findings().forEach(finding -> add(object, finding));
        }

        private void add(CheckedObject object, Finding finding) {
            if (!rules.contains(finding.rule())) {
                rules.add(finding.rule());
            }
            ObjectNode result = results.addObject();
            result.put("ruleId", finding.rule()).put("ruleIndex", rules.indexOf(finding.rule()));
            result.put("level", level(finding));
            result.putObject("message").put("text", object.text(finding));
            ObjectNode location = result.putArray("locations").addObject().putObject("physicalLocation");
            location.putObject("artifactLocation").put("uri", uri(object.file().name()));
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
            out.println(JsonText.text(sarif));
        }

        private static void describe(ObjectNode described, String rule) {
            RulePage page = RulePage.of(rule);
            described.put("id", rule);
            described.putObject("shortDescription").put("text", page.what());
            described.putObject("fullDescription").put("text", page.what() + ". See " + page.file() + ".");
            described.put("helpUri", page.uri());
            described.putObject("help").put("text", "See " + page.uri());
        }

        /** Relative names stay relative: code scanning resolves them from the root of the repository. */
        private static String uri(String file) {
            Path path = Path.of(file);
            if (path.isAbsolute()) {
                return path.toUri().toString();
            }
            String name = path.normalize().toString().replace('\\', '/');
            // Text before a colon would be read as a scheme (RFC 3986, 4.2).
            String relative = name.contains(":") ? "./" + name : name;
            try {
                return new URI(null, null, relative, null).toASCIIString();
            } catch (URISyntaxException impossible) {
                throw new IllegalStateException("a file name that is no path of a URI: " + file, impossible);
            }
        }
    }

    /** Where the docs explain a rule. The pages of rules and of checks are made from Javadoc. */
    record RulePage(String what, String file, String anchor) {
        private static final String DOCS = "https://github.com/trimtab/trimtab/blob/main/";

        /** Names of findings that no rule makes, but {@code check} itself. */
        private static final Set<String> OF_CHECK = Set.of("api-version", "knative", "types", "whole-object");

        static RulePage of(String rule) {
            if (OF_CHECK.contains(rule)) {
                String what = rule.equals("knative") ? "What Knative itself refuses" : "What the API server refuses";
                return new RulePage(what, "docs/command-line.md", "check");
            }
            return Arrays.stream(AibrixCheck.values())
                    .filter(it -> it.term().equals(rule))
                    .findFirst()
                    .map(it -> new RulePage(
                            "Check " + rule + " of PodAutoscalers",
                            "docs/aibrix.md",
                            (rule + "-" + it.unlessSet()).toLowerCase(Locale.ROOT)))
                    .orElseGet(() -> new RulePage("Rule " + rule + " of Trimtab", "docs/rules.md", rule));
        }

        String uri() {
            return DOCS + file + "#" + anchor;
        }
    }
}
