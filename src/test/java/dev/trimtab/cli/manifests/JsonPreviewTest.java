package dev.trimtab.cli.manifests;

import static dev.trimtab.cli.Cli.CONFIG_MAP;
import static dev.trimtab.cli.Cli.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JsonPreviewTest {
    @Test
    @DisplayName("one object after the other, laid out as jq does it; documents of nothing but comments are left out")
    void layout() {
        Cli preview = Cli.runWith(
                "# nothing\n---\n" + SERVICE + "---\n" + CONFIG_MAP + "empty: {}\nnone: []\n",
                "preview",
                "-f",
                "-",
                "-o",
                "json");

        assertThat(preview.code()).isZero();
        assertThat(preview.err()).isEqualTo("Warning: trimtab: filled max-scale=0, initial-scale=1\n");
        assertThat(preview.out()).isEqualTo("""
                        {
                          "apiVersion": "serving.knative.dev/v1",
                          "kind": "Service",
                          "metadata": {
                            "name": "hello",
                            "annotations": {
                              "trimtab.dev/filled": "{\\"filled\\":{\\"/spec/template/metadata/annotations/autoscaling.knative.dev~1initial-scale\\":\\"1\\",\\"/spec/template/metadata/annotations/autoscaling.knative.dev~1max-scale\\":\\"0\\",\\"/spec/template/spec/containerConcurrency\\":0,\\"/spec/template/spec/idleTimeoutSeconds\\":0,\\"/spec/template/spec/responseStartTimeoutSeconds\\":0,\\"/spec/template/spec/timeoutSeconds\\":300}}"
                            }
                          },
                          "spec": {
                            "template": {
                              "metadata": {
                                "annotations": {
                                  "autoscaling.knative.dev/min-scale": "1",
                                  "autoscaling.knative.dev/max-scale": "0",
                                  "autoscaling.knative.dev/initial-scale": "1"
                                }
                              },
                              "spec": {
                                "containers": [
                                  {
                                    "image": "registry.example/hello",
                                    "unknownField": [
                                      1,
                                      2.5,
                                      true
                                    ]
                                  }
                                ],
                                "timeoutSeconds": 300,
                                "containerConcurrency": 0,
                                "responseStartTimeoutSeconds": 0,
                                "idleTimeoutSeconds": 0
                              }
                            }
                          }
                        }
                        {
                          "apiVersion": "v1",
                          "kind": "ConfigMap",
                          "metadata": {
                            "name": "other"
                          },
                          "data": {
                            "x": "1"
                          },
                          "empty": {},
                          "none": []
                        }
                        """);
    }

    @Test
    @DisplayName("it can be previewed again, and changes no more")
    void idempotent() {
        String once = Cli.runWith(SERVICE, "preview", "-f", "-", "-o", "json").out();

        assertThat(Cli.runWith(once, "preview", "-f", "-", "-o", "json")).isEqualTo(new Cli(0, once, ""));
    }
}
