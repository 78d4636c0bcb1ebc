package dev.trimtab.kserve;

/** KServe's ConfigMap has a default mode that KServe itself would refuse. Whoever holds the last good one keeps it. */
public final class DeployConfigProblem extends Exception {
    DeployConfigProblem(String message) {
        super(message);
    }
}
