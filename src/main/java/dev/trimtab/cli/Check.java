package dev.trimtab.cli;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.aibrix.Surroundings;
import dev.trimtab.cli.Finding.Level;
import dev.trimtab.cli.Previewed.Reviewed;
import dev.trimtab.knative.FieldProblem;
import dev.trimtab.knative.KnativePath;
import dev.trimtab.knative.ServiceRules;
import dev.trimtab.kserve.AuthoredPlace;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.OldVersion;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Mode;
import dev.trimtab.review.AutoscalerGuard;
import dev.trimtab.review.ObjectTypes;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.Settings;
import dev.trimtab.rules.Decision;
import dev.trimtab.yaml.Position;
import dev.trimtab.yaml.YamlDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds in a reviewed object what would be clamped or refused, and where its author wrote it. */
final class Check {
    private static final JsonPointer API_VERSION = Pointers.of("apiVersion");
    private static final JsonPointer KIND = Pointers.of("kind");
    private static final JsonPointer SPEC = Pointers.of("spec");

    private final AutoscalerGuard autoscalers = new AutoscalerGuard(Reviewer.PLATFORM_NAMESPACES);
    private final Settings settings;

    Check(Settings settings) {
        this.settings = settings;
    }

    /** @param surroundings what is known of other PodAutoscalers, where it is one */
    Checked of(ManifestFile file, YamlDocument document, Reviewed object, Surroundings surroundings) {
        List<Finding> findings = new ArrayList<>(incomplete(document, object));
        for (Decision decision : object.review().decisions()) {
            JsonPointer at = decision.at().matches() ? KIND : decision.at();
            add(findings, decision, "", document, object, at);
        }
        object.review().forecasts().forEach((name, decisions) -> {
            Component component = Component.find(object.review().result(), name).orElseThrow();
            for (Decision decision : decisions) {
                JsonPointer at = AuthoredPlace.nearest(component, decision.at());
                add(findings, decision, name + ": ", document, object, at);
            }
        });
        List<Finding> types = types(document, object);
        findings.removeIf(it -> types.stream().anyMatch(type -> type.at().equals(it.at())));
        findings.addAll(types.isEmpty() ? refusals(document, object) : types);
        if (object.missing().isEmpty()) {
            findings.addAll(autoscaling(document, object, surroundings));
        }
        return new Checked(file.name(), position(document, object, KIND), object.named(), object.namespace(), findings);
    }

    private void add(
            List<Finding> findings,
            Decision decision,
            String component,
            YamlDocument document,
            Reviewed object,
            JsonPointer at) {
        // What Knative refuses, it refuses whatever Trimtab's mode is.
        boolean ours = decision instanceof Decision.Clamped || decision instanceof Decision.Refused;
        boolean audit = ours && settings.policy().mode() == Mode.AUDIT;
        String lead = component + (audit ? "(audit) with Enforce: " : "");
        Optional<Level> level = level(decision).map(it -> audit ? Level.WARNING : it);
        level.ifPresent(it -> findings.add(
                new Finding(it, decision.rule(), position(document, object, at), lead + decision.because())));
    }

    /** What makes it no object that could be reviewed. */
    private static List<Finding> incomplete(YamlDocument document, Reviewed object) {
        List<Finding> findings = new ArrayList<>();
        OldVersion.of(object.before())
                .ifPresent(text -> findings.add(
                        new Finding(Level.REFUSED, "api-version", position(document, object, API_VERSION), text)));
        // Of a Knative Service Knative itself says it, in its own words.
        object.missing()
                .filter(it -> object.before().kind() != Kind.KNATIVE_SERVICE)
                .ifPresent(it -> findings.add(new Finding(
                        it.isRefused() ? Level.REFUSED : Level.WARNING,
                        "whole-object",
                        position(document, object, SPEC),
                        it.what() + (it.isRefused() ? ", so it would be refused" : ""))));
        return findings;
    }

    private static Optional<Level> level(Decision decision) {
        if (decision instanceof Decision.Refused || decision instanceof Decision.KnativeRefuses) {
            return Optional.of(Level.REFUSED);
        }
        if (decision instanceof Decision.Clamped) {
            return Optional.of(Level.CLAMPED);
        }
        return decision instanceof Decision.Warned ? Optional.of(Level.WARNING) : Optional.empty();
    }

    /** What the API server does not read: nobody is asked then, and nobody says more about that place. */
    private static List<Finding> types(YamlDocument document, Reviewed object) {
        return ObjectTypes.problems(object.before()).stream()
                .map(it -> {
                    String source = document.sourceOf(object.at().append(it.at()))
                            .orElse(it.value().asText());
                    Position at = position(document, object, it.at());
                    return new Finding(Level.REFUSED, "types", at, it.path() + ": " + it.message(source));
                })
                .toList();
    }

    /** What Knative's own webhook refuses once Trimtab is done; what Trimtab refuses never gets there. */
    private List<Finding> refusals(YamlDocument document, Reviewed object) {
        List<Finding> refusals = new ArrayList<>();
        if (object.before().kind() == Kind.KNATIVE_SERVICE && object.review().isAllowed()) {
            for (FieldProblem problem :
                    ServiceRules.problemsOnCreate(object.review().result(), settings.knative())) {
                JsonPointer at = problem.paths().stream()
                        .findFirst()
                        .map(path -> KnativePath.deepest(object.before().root(), path))
                        .orElse(KIND);
                String message = "Knative refuses it: " + problem.text().replace("\n", " ");
                refusals.add(new Finding(Level.REFUSED, "knative", position(document, object, at), message));
            }
        }
        return refusals;
    }

    private List<Finding> autoscaling(YamlDocument document, Reviewed object, Surroundings surroundings) {
        Settings known = settings.withAutoscaling(it -> surroundings);
        boolean audit = settings.policy().mode() == Mode.AUDIT;
        return autoscalers.problems(new Manifest(object.review().result()), object.namespace(), known).stream()
                .map(it -> new Finding(
                        AutoscalerGuard.isDenied(it, settings) && !audit ? Level.REFUSED : Level.WARNING,
                        it.check().term(),
                        position(
                                document,
                                object,
                                KnativePath.deepest(
                                        object.before().root(), it.path().replace("\"", ""))),
                        it.text()))
                .toList();
    }

    /** Of what is not in the document, the nearest that is. */
    private static Position position(YamlDocument document, Reviewed object, JsonPointer at) {
        for (JsonPointer place = at; !place.matches(); place = place.head()) {
            Optional<Position> position = document.positionOf(object.at().append(place));
            if (position.isPresent()) {
                return position.get();
            }
        }
        return document.positionOf(object.at()).orElseGet(() -> new Position(document.line(), 1));
    }
}
