package dev.trimtab.knative;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Zero values that Go clients send for fields that their author left out. Knative or Kubernetes replaces them by a
 * default.
 *
 * <p>{@code containerConcurrency: 0} and {@code terminationGracePeriodSeconds: 0} are real values. Empty maps and lists
 * count as absent everywhere ({@link dev.trimtab.manifest.Pointers#isAbsent}).
 */
public final class Unset {
    /** Knative 1.23, revision_defaults.go 54-72 and 172-192; Kubernetes 1.36, SetDefaults_Probe. */
    private static final Set<String> NUMBERS =
            Set.of("timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold");

    /**
     * KServe sends the router of an InferenceGraph with {@code name: ""}, and Knative names it (revision_defaults.go
     * 79-90). The others are from Kubernetes 1.36, pkg/apis/core/v1/defaults.go and conversion.go.
     */
    private static final Pattern TEXTS = Pattern.compile(
            ".*/(" //
                    + "((init)?[cC]ontainers/\\d+/(name|imagePullPolicy|terminationMessagePath|terminationMessagePolicy))"
                    + "|(ports/\\d+/protocol)"
                    + "|(httpGet/(path|scheme))"
                    + "|(fieldRef/apiVersion)"
                    + "|(volumes/\\d+/(image/pullPolicy|iscsi/iscsiInterface|rbd/(pool|user|keyring)|scaleIO/(storageMode|fsType)))"
                    + "|(template/spec/(dnsPolicy|restartPolicy|schedulerName|serviceAccount))"
                    + ")");

    private Unset() {}

    /** Whether a value is missing, {@code null}, or the zero that means "default". */
    public static boolean is(JsonPointer at, JsonNode value) {
        return value.isMissingNode() || value.isNull() || isZero(at, value);
    }

    public static boolean isZero(JsonPointer at, JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue().signum() == 0
                    && !at.matches()
                    && NUMBERS.contains(at.last().getMatchingProperty());
        }
        return value.isTextual()
                && value.textValue().isEmpty()
                && TEXTS.matcher(at.toString()).matches();
    }
}
