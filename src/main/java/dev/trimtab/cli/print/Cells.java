package dev.trimtab.cli.print;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;

/** Fields and values in a table cell. */
public final class Cells {
    private static final int LONGEST = 40;
    private static final String ANNOTATIONS = KnativeService.TEMPLATE_ANNOTATIONS + "/";
    private static final String POD = KnativeService.POD_SPEC + "/";

    private Cells() {}

    /** The short name of a field: an annotation's key, a pod field without the path of the pod spec. */
    public static String field(JsonPointer at) {
        String text = at.toString();
        if (text.startsWith(ANNOTATIONS)) {
            return at.last().getMatchingProperty();
        }
        String shorter = text.startsWith(POD) ? text.substring(POD.length()) : text.substring(1);
        return shorter.replace('/', '.').replace("~1", "/").replace("~0", "~");
    }

    public static String cell(JsonNode value) {
        if (Pointers.isAbsent(value)) {
            return "-";
        }
        String text = value.isTextual() ? value.textValue() : value.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }
}
