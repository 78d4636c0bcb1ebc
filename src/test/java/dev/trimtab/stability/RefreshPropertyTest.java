package dev.trimtab.stability;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.drift.Difference;
import dev.trimtab.drift.Inspected.Finding;
import dev.trimtab.drift.Inspector;
import dev.trimtab.drift.Report;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a scan says of a stored Service is what a refresh does to it, and after that it says nothing more. */
class RefreshPropertyTest {
    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);

    @Property(tries = 4000 / SHARE, seed = SEED)
    void scanRefreshScan(
            @ForAll("pod") ObjectNode written,
            @ForAll("settings") Settings then,
            @ForAll("settings") Settings later,
            @ForAll("label") String label) {
        // Knative says of most flags that they cannot be switched off again: it then refuses what is stored.
        Settings now =
                later.withKnative(later.knative().withFeatures(then.knative().features()));
        if (!isAccepted(written, Optional.empty(), then)) {
            return;
        }
        if (!label.isEmpty()) {
            // Stale, or copied from another Service.
            Pointers.set(
                    written,
                    Pointers.of("metadata", "labels", "clamped.trimtab.dev/initial-scale"),
                    written.textNode(label));
        }
        StoredService service = StoredService.create(written, then);
        if (!isAccepted(asking(service.copy()), Optional.of(service.copy()), now)) {
            return;
        }
        Finding before = look(service, now);
        if (!before.differs()) {
            return;
        }
        int generation = service.generation();
        service.change(now);
        service.write(asking(service.copy()));

        boolean rolls = Report.of(List.of(before)).revisions() > 0;
        assertThat(service.generation() > generation).as("%s", before).isEqualTo(rolls);
        before.differences().forEach(it -> assertIsDone(it, service.copy()));
        assertThat(look(service, now).differences()).isEmpty();
    }

    private static void assertIsDone(Difference difference, ObjectNode stored) {
        ObjectNode expected = stored.deepCopy();
        if (difference.after().isMissingNode()) {
            Pointers.remove(expected, difference.at());
        } else {
            Pointers.set(expected, difference.at(), difference.after());
        }
        assertThat(TemplateComparison.same(stored, expected, difference.at()))
                .as("%s in %s", difference, stored)
                .isTrue();
    }

    private Finding look(StoredService service, Settings settings) {
        return (Finding) new Inspector(reviewer, settings, Optional.empty()).of(new Manifest(service.copy()));
    }

    private static ObjectNode asking(ObjectNode stored) {
        ObjectNode asking = stored.deepCopy();
        Pointers.set(asking, Pointers.of("metadata", "annotations", StabilityContract.REFRESH), asking.textNode("now"));
        return asking;
    }

    private boolean isAccepted(ObjectNode sent, Optional<ObjectNode> stored, Settings settings) {
        var review = reviewer.review(new Manifest(sent), stored.map(Manifest::new), "ml-prod", settings);
        ObjectNode defaulted = KnativeDefaulting.apply(review.result(), stored.orElse(null), settings.knative());
        // Of two spellings Knative reads one, and a value of its author's that equals a fill is taken for one.
        boolean twice = Arrays.stream(ScaleAnnotation.values())
                .anyMatch(key -> key.spellings().stream()
                                .filter(new KnativeService(sent).templateAnnotations()::has)
                                .count()
                        > 1);
        boolean named = !new KnativeService(sent).revisionName().isEmpty();
        return review.isAllowed()
                && !named
                && !twice
                && ServiceRules.onCreate(defaulted, settings.knative()).isEmpty();
    }

    @Provide
    Arbitrary<String> label() {
        return Arbitraries.of("", "", "7", "7_1", "7_3", "1_2");
    }

    @Provide
    Arbitrary<ObjectNode> pod() {
        return Generated.pod(Generated.soundService());
    }

    @Provide
    Arbitrary<Settings> settings() {
        // In Audit mode a refresh does nothing, and what is not pinned Knative changes behind us.
        return Generated.settings()
                .filter(it -> it.policy().mode() == Mode.ENFORCE && it.policy().pinDefaults());
    }
}
