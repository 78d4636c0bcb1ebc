package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import dev.trimtab.manifest.KnativeService;

/** The numbers that Knative adds to Kubernetes' pod spec, and fills from {@code config-defaults}. */
final class RevisionNumbers {
    static final JsonPointer TIMEOUT = KnativeService.POD_SPEC.appendProperty("timeoutSeconds");
    static final JsonPointer RESPONSE_START = KnativeService.POD_SPEC.appendProperty("responseStartTimeoutSeconds");
    static final JsonPointer IDLE = KnativeService.POD_SPEC.appendProperty("idleTimeoutSeconds");
    static final JsonPointer CONCURRENCY = KnativeService.POD_SPEC.appendProperty("containerConcurrency");

    private RevisionNumbers() {}

    /** As a parsed document has it: to Jackson an int and a long of the same value are two things. */
    static JsonNode number(long value) {
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }
}
