package dev.trimtab.cli.manifests;

import static dev.trimtab.cli.Cli.CONFIG_MAP;
import static dev.trimtab.cli.Cli.CONFLICT;
import static dev.trimtab.cli.Cli.INFERENCE_SERVICE;
import static dev.trimtab.cli.Cli.SERVICE;
import static dev.trimtab.cli.Cli.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainPreviewTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("what was done, by which rule, why, the patch, and one line that sums up")
    void everything() {
        assertThat(explain(CONFLICT + "---\n" + CONFIG_MAP + "---\n" + INFERENCE_SERVICE))
                .isEqualTo("""
                        Service eager (stdin, document 1): mutated, a new object
                          left      max-scale        max-scale 3 stays as its author wrote it
                          clamped   initial-scale    initial-scale 7 lowered to max-scale 3
                          filled    pinned-defaults  timeoutSeconds=300: today's value from config-defaults; a later edit there does not change this service
                          filled    pinned-defaults  containerConcurrency=0: today's value from config-defaults; a later edit there does not change this service
                          filled    pinned-defaults  responseStartTimeoutSeconds=0: off: config-defaults has no value today; a later edit there does not change this service
                          filled    pinned-defaults  idleTimeoutSeconds=0: off: config-defaults has no value today; a later edit there does not change this service
                          patch: add /metadata/annotations {"trimtab.dev/filled":"{\\"filled\\":{\\"/spec/template/spec/containerConcurrency\\":0,\\"/spec/template/spec/idleTimeoutSeconds\\":0,\\"/spec/template/spec/responseStartTimeoutSeconds\\":0,\\"/spec/template/spec/timeoutSeconds\\":300},\\"clamped\\":{\\"/spec/template/metadata/annotations/autoscaling.knative.dev~1initial-scale\\":[\\"7\\",\\"3\\"]}}"}
                          patch: replace /spec/template/metadata/annotations/autoscaling.knative.dev~1initial-scale "3"
                          patch: add /spec/template/spec/timeoutSeconds 300
                          patch: add /spec/template/spec/containerConcurrency 0
                          patch: add /spec/template/spec/responseStartTimeoutSeconds 0
                          patch: add /spec/template/spec/idleTimeoutSeconds 0

                        InferenceService llama (stdin, document 3): unchanged, a new object
                          predictor: on the Service that KServe will render for it, not on this object:
                            left      max-scale        max-scale 3 stays as its author wrote it
                            filled    initial-scale    initial-scale=2: a new revision starts with min-scale pods
                            filled    pinned-defaults  timeoutSeconds=300: today's value from config-defaults; a later edit there does not change this service
                            filled    pinned-defaults  containerConcurrency=0: today's value from config-defaults; a later edit there does not change this service
                            filled    pinned-defaults  responseStartTimeoutSeconds=0: off: config-defaults has no value today; a later edit there does not change this service
                            filled    pinned-defaults  idleTimeoutSeconds=0: off: config-defaults has no value today; a later edit there does not change this service
                          transformer: on the Service that KServe will render for it, not on this object:
                            filled    max-scale        max-scale=0: Knative gets no max-scale: unbounded
                            filled    initial-scale    initial-scale=1: a new revision starts with min-scale pods
                            filled    pinned-defaults  timeoutSeconds=300: today's value from config-defaults; a later edit there does not change this service
                            filled    pinned-defaults  containerConcurrency=0: today's value from config-defaults; a later edit there does not change this service
                            filled    pinned-defaults  responseStartTimeoutSeconds=0: off: config-defaults has no value today; a later edit there does not change this service
                            filled    pinned-defaults  idleTimeoutSeconds=0: off: config-defaults has no value today; a later edit there does not change this service

                        2 objects: 1 mutated, 1 unchanged; 1 of another kind passed through
                        """);
    }

    @Test
    @DisplayName("the profiles that match, and what Deny refuses")
    void profilesAndDeny() {
        String policy = write(folder, "policy.yaml", """
                apiVersion: trimtab.dev/v1alpha1
                kind: Policy
                pinDefaults: false
                profiles:
                - name: strict
                  match: {namespaces: [prod-*]}
                  conflicts: Deny
                - name: elsewhere
                  match: {namespaces: [dev-*]}
                - name: all
                  match: {}
                """);

        assertThat(explain(CONFLICT, "--policy", policy, "-n", "prod-eu")).isEqualTo("""
                        Service eager (stdin, document 1): denied, a new object
                          profiles that match: strict, all
                          left      max-scale      max-scale 3 stays as its author wrote it
                          refused   initial-scale  initial-scale 7 is above max-scale 3: more pods than that would start

                        1 object: 1 denied
                        """);
        assertThat(explain(INFERENCE_SERVICE, "--policy", policy)).contains("\n  profiles that match: all\n");
    }

    @Test
    @DisplayName("Audit writes nothing and says what Enforce would do")
    void audit() {
        String policy = write(folder, "policy.yaml", """
                apiVersion: trimtab.dev/v1alpha1
                kind: Policy
                mode: Audit
                """);

        assertThat(explain(SERVICE, "--policy", policy)).isEqualTo("""
                        Service hello (stdin, document 1): unchanged, a new object
                          mode Audit: nothing is written or refused; with Enforce this would be:
                          filled    max-scale        max-scale=0: Knative gets no max-scale: unbounded
                          filled    initial-scale    initial-scale=1: a new revision starts with min-scale pods
                          filled    pinned-defaults  timeoutSeconds=300: today's value from config-defaults; a later edit there does not change this service
                          filled    pinned-defaults  containerConcurrency=0: today's value from config-defaults; a later edit there does not change this service
                          filled    pinned-defaults  responseStartTimeoutSeconds=0: off: config-defaults has no value today; a later edit there does not change this service
                          filled    pinned-defaults  idleTimeoutSeconds=0: off: config-defaults has no value today; a later edit there does not change this service

                        1 object: 1 unchanged
                        """);
    }

    @Test
    @DisplayName("what Knative itself would refuse is said in its own words")
    void refusedByKnative() {
        String twice = SERVICE.replace("min-scale: \"1\"", "min-scale: \"-1\"");

        assertThat(explain(twice))
                .contains("\n  Knative refuses: ")
                .contains("autoscaling.knative.dev/min-scale")
                .endsWith("1 object: 1 mutated\n");
    }

    @Test
    @DisplayName("why an object is not touched")
    void leftAlone() {
        assertThat(explain(SERVICE, "-n", "kserve")).isEqualTo("""
                        Service hello (stdin, document 1): unchanged, not touched
                          left      scope  namespace kserve is never touched

                        1 object: 1 unchanged
                        """);
        assertThat(explain(INFERENCE_SERVICE.replace(
                        "{name: llama}", "{name: llama, annotations: {serving.kserve.io/deploymentMode: Standard}}")))
                .contains(
                        "\n  predictor: no value is certain to be filled on the Deployment that KServe will render for it\n");
    }

    @Test
    @DisplayName("nothing of Trimtab's: the summary says so")
    void nothing() {
        assertThat(explain(CONFIG_MAP + "---\n" + CONFIG_MAP))
                .isEqualTo("0 objects; 2 of other kinds passed through\n");
    }

    private static String explain(String text, String... more) {
        String[] args = new String[5 + more.length];
        System.arraycopy(new String[] {"preview", "-f", "-", "-o", "explain"}, 0, args, 0, 5);
        System.arraycopy(more, 0, args, 5, more.length);
        Cli preview = Cli.runWith(text, args);
        assertThat(preview.code()).isZero();
        assertThat(preview.err()).as("explain has the warnings in its lines").isEmpty();
        return preview.out();
    }
}
