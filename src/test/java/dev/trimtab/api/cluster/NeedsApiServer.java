package dev.trimtab.api.cluster;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test, visibly, where there is no test cluster to run it on. The reason is in the test report as well. */
public final class NeedsApiServer implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> missing = Installation.missing();
        if (missing.isEmpty()) {
            return enabled("test cluster and CRDs found");
        }
        if (context.getTestMethod().isEmpty()) {
            System.err.printf("SKIPPED %s: %s%n", context.getDisplayName(), missing.get());
        }
        return disabled(missing.get());
    }
}
