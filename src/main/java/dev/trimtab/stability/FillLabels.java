package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Carries our fills in the template from KServe's dry-run UPDATE to the real one, in labels {@code
 * filled.trimtab.dev/0}, {@code /1} and so on. They hold six characters for each field and its value.
 *
 * <p>The real UPDATE has the dry-run's answer without our record (see {@link ClampLabels}). The rules cannot tell it
 * again: the policy, the replica or the running pods may have changed. A field that no rule would fill now would count
 * as the author's. The next reconcile does not send that field, and would make a revision.
 */
final class FillLabels {
    private static final String PREFIX = "filled.trimtab.dev/";
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /** About 36 bits. With four characters, two fields collided in some of several thousand templates. */
    private static final int TOKEN = 6;

    /** A label's value holds 63 characters. */
    private static final int TOKENS_IN_A_LABEL = 10;

    /**
     * No field of a pod spec is as deep. Each value is hashed with all that is in it, so without a bound a body of
     * 1 MB, nested as deep as a body may be, took 16 seconds.
     */
    private static final int DEEPEST = 20;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private FillLabels() {}

    /** Writes a label even if there are no fills. */
    static void write(FillRecord record, ObjectNode object) {
        List<String> tokens = record.filled().entrySet().stream()
                .filter(it -> isInTemplate(it.getKey()))
                .map(it -> token(it.getKey(), it.getValue()))
                .toList();
        for (int label = 0; label == 0 || label * TOKENS_IN_A_LABEL < tokens.size(); label++) {
            int start = label * TOKENS_IN_A_LABEL;
            int end = Math.min(tokens.size(), start + TOKENS_IN_A_LABEL);
            String value = String.join("", tokens.subList(start, end));
            Pointers.set(object, Pointers.of("metadata", "labels", PREFIX + label), TextNode.valueOf(value));
        }
    }

    /** Empty without labels, and if the labels were made for another answer. */
    static Optional<FillRecord> read(ObjectNode object) {
        Map<String, String> labels = new Manifest(object).labels();
        if (!labels.containsKey(PREFIX + 0)) {
            return Optional.empty();
        }
        Set<String> tokens = new HashSet<>();
        for (int label = 0; labels.containsKey(PREFIX + label); label++) {
            tokens.addAll(split(labels.get(PREFIX + label)));
        }
        Map<JsonPointer, JsonNode> found = new HashMap<>();
        collect(object.at(KnativeService.TEMPLATE), KnativeService.TEMPLATE, DEEPEST, tokens, found);
        Set<String> seen = found.entrySet().stream()
                .map(it -> token(it.getKey(), it.getValue()))
                .collect(Collectors.toSet());
        return seen.containsAll(tokens) ? Optional.of(new FillRecord(found, Map.of())) : Optional.empty();
    }

    private static void collect(
            JsonNode node, JsonPointer at, int levels, Set<String> tokens, Map<JsonPointer, JsonNode> found) {
        if (levels == 0) {
            return;
        }
        if (tokens.contains(token(at, node))) {
            found.put(at, node);
        }
        if (node.isObject()) {
            node.properties()
                    .forEach(it -> collect(it.getValue(), at.appendProperty(it.getKey()), levels - 1, tokens, found));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(node.get(i), at.appendIndex(i), levels - 1, tokens, found);
        }
    }

    private static List<String> split(String value) {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i + TOKEN <= value.length(); i += TOKEN) {
            tokens.add(value.substring(i, i + TOKEN));
        }
        return tokens;
    }

    private static boolean isInTemplate(JsonPointer at) {
        return at.toString().startsWith(KnativeService.TEMPLATE + "/");
    }

    /** FNV-1a: the same on each replica and in each release. It hides no secret. */
    private static String token(JsonPointer at, JsonNode value) {
        String text = at + "=" + FillRecord.inOrder(value);
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        StringBuilder token = new StringBuilder();
        for (int i = 0; i < TOKEN; i++) {
            token.append(ALPHABET.charAt((int) Long.remainderUnsigned(hash, ALPHABET.length())));
            hash = Long.divideUnsigned(hash, ALPHABET.length());
        }
        return token.toString();
    }
}
