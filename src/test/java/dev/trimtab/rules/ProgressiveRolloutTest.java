package dev.trimtab.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.review.Review;
import dev.trimtab.review.Reviewer;
import dev.trimtab.rules.Facts.ClusterFacts;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlStream;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Beside serving-progressive-rollout, which breaks on an initial-scale above 1. No file can say that it is there. */
class ProgressiveRolloutTest {
    @ParameterizedTest(name = "min {0}, max {1}, the cluster starts {2}, author {3}: {4}")
    @CsvSource(
            nullValues = "-",
            value = {
                "3, 9, 1, -, -, left",
                "3, 9, 5, -, 1, filled",
                "1, 3, 5, -, 1, filled",
                "0, 0, 1, -, 1, filled",
                "3, 9, 5, 2, 2, left",
                "1, 3, 5, 7, 3, clamped"
            })
    void fillsNothingAboveOne(String min, String max, String cluster, String author, String expected, String outcome)
            throws ConfigMapProblem {
        ObjectNode service = (ObjectNode) YamlStream.read("""
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: llm}
                spec: {template: {spec: {containers: [{image: "llm:1"}]}}}
                """).get(0).content();
        set(service, ScaleAnnotation.MIN_SCALE, min);
        set(service, ScaleAnnotation.MAX_SCALE, max);
        set(service, ScaleAnnotation.INITIAL_SCALE, author);
        KnativeConfig knative =
                KnativeConfig.DEFAULTS.withAutoscaler(AutoscalerConfig.parse(Map.of("initial-scale", cluster)));
        Settings settings =
                Settings.DEFAULTS.withKnative(knative).withCluster(ClusterFacts.NONE.withProgressiveRollout(true));

        Review review = new Reviewer(Reviewer.PLATFORM_NAMESPACES)
                .review(new Manifest(service), Optional.empty(), "default", settings);

        assertThat(review.result()
                        .at(KnativeService.annotation(ScaleAnnotation.INITIAL_SCALE.key()))
                        .asText(null))
                .isEqualTo(expected);
        assertThat(review.decisions().stream().filter(it -> it.rule().equals("initial-scale")))
                .last()
                .extracting(Decision::outcome)
                .isEqualTo(outcome);
    }

    private static void set(ObjectNode service, ScaleAnnotation key, String value) {
        if (value != null) {
            Pointers.set(service, KnativeService.annotation(key.key()), TextNode.valueOf(value));
        }
    }
}
