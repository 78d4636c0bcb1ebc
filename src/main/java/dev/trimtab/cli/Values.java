package dev.trimtab.cli;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;

/** Fields and their values in a line of text. */
final class Values {
    private static final int LONGEST = 40;
    private static final String ANNOTATIONS = KnativeService.TEMPLATE_ANNOTATIONS + "/";
    private static final String POD = KnativeService.POD_SPEC + "/";

    private Values() {}

    /** As short as it can be understood: an annotation by its key, a field of the pods without the way there. */
    static String field(JsonPointer at) {
        String text = at.toString();
        if (text.startsWith(ANNOTATIONS)) {
            return at.last().getMatchingProperty();
        }
        String shorter = text.startsWith(POD) ? text.substring(POD.length()) : text.substring(1);
        return shorter.replace('/', '.').replace("~1", "/").replace("~0", "~");
    }

    static String cell(JsonNode value) {
        if (Pointers.isAbsent(value)) {
            return "-";
        }
        String text = value.isTextual() ? value.textValue() : value.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }
}
