package dev.trimtab.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** JUnit's XML, as CI systems read it: a suite for each file, and in it a case for each object. */
final class JunitReport implements CheckReport {
    private final PrintWriter out;
    private final Map<String, List<Checked>> files = new LinkedHashMap<>();

    JunitReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void add(Checked object) {
        files.computeIfAbsent(object.file(), file -> new ArrayList<>()).add(object);
    }

    @Override
    public void end(int others, boolean isWhole) {
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            start(xml, 0, "testsuites");
            xml.writeAttribute("name", "trimtab check");
            counts(xml, files.values().stream().flatMap(List::stream).toList());
            for (Map.Entry<String, List<Checked>> file : files.entrySet()) {
                start(xml, 1, "testsuite");
                xml.writeAttribute("name", text(file.getKey()));
                counts(xml, file.getValue());
                for (Checked object : file.getValue()) {
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

    private static void counts(XMLStreamWriter xml, List<Checked> objects) throws XMLStreamException {
        long failures = objects.stream().filter(Checked::isFound).count();
        xml.writeAttribute("tests", String.valueOf(objects.size()));
        xml.writeAttribute("failures", String.valueOf(failures));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", "0");
    }

    private static void testCase(XMLStreamWriter xml, Checked object) throws XMLStreamException {
        start(xml, 2, "testcase");
        xml.writeAttribute("name", text(object.namespace() + "/" + object.object()));
        xml.writeAttribute("classname", text(object.file()));
        List<Finding> found =
                object.findings().stream().filter(it -> it.level().isFound()).toList();
        if (!found.isEmpty()) {
            start(xml, 3, "failure");
            xml.writeAttribute("type", found.get(0).level().toString());
            xml.writeAttribute("message", text(object.text(found.get(0))));
            xml.writeCharacters(lines(object, found));
            end(xml, 3);
        }
        List<Finding> warnings =
                object.findings().stream().filter(it -> !it.level().isFound()).toList();
        if (!warnings.isEmpty()) {
            start(xml, 3, "system-out");
            xml.writeCharacters(lines(object, warnings));
            end(xml, 3);
        }
        end(xml, 2);
    }

    private static String lines(Checked object, List<Finding> findings) {
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

    /** XML 1.0 has no form for most control characters, which an author's value may hold. */
    private static String text(String text) {
        return text.replaceAll("[^\\t\\n\\r\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", "\uFFFD");
    }
}
