package dev.trimtab.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.PolicyLoader.LoadedProfiles;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.Outcome.Course;
import dev.trimtab.webhook.Reviews;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A namespace whose own profiles cannot be read: nothing new is filled there, and what is recorded is given back. */
class InvalidProfilesTest {
    private static final String HEADER = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n";
    private static final LoadedProfiles INVALID =
            LoadedProfiles.of(Map.of("policy.yaml", HEADER + "profiles: [{nmae: llm}]\n"));

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);
    private final Settings allowed =
            Settings.DEFAULTS.withPolicy(PolicyLoader.load(HEADER + "namespaces: {allowProfiles: true}\n")
                    .policy()
                    .orElseThrow());
    private final Settings invalid = allowed.withNamespaceProfiles("ml", INVALID);

    @Test
    @DisplayName("a new object there is not filled, one of another namespace is")
    void create() {
        Review there = review(service(), Optional.empty(), "ml", invalid);
        assertThat(there.result()).isEqualTo(service());
        assertThat(there.warnings()).isNotEmpty().allSatisfy(it -> assertThat(it)
                .startsWith("trimtab: (audit) "));

        assertThat(review(service(), Optional.empty(), "other", invalid).result())
                .isNotEqualTo(service());
    }

    @Test
    @DisplayName("what was filled before is given back to KServe's reconcile")
    void replay() {
        ObjectNode stored = review(service(), Optional.empty(), "ml", allowed).result();

        Review update = review(service(), Optional.of(stored), "ml", invalid);

        assertThat(update.course()).isEqualTo(Course.REPLAYED);
        assertThat(update.result()).isEqualTo(stored);
    }

    @Test
    @DisplayName("where the policy allows no profiles, invalid ones do nothing either")
    void notAllowed() {
        Settings settings = Settings.DEFAULTS.withNamespaceProfiles("ml", INVALID);

        assertThat(review(service(), Optional.empty(), "ml", settings).result())
                .isEqualTo(review(service(), Optional.empty(), "ml", Settings.DEFAULTS)
                        .result());
    }

    private Review review(ObjectNode object, Optional<ObjectNode> stored, String namespace, Settings settings) {
        return reviewer.review(new Manifest(object), stored.map(Manifest::new), namespace, settings);
    }

    private static ObjectNode service() {
        return (ObjectNode) Reviews.read(Reviews.service("{}"));
    }
}
