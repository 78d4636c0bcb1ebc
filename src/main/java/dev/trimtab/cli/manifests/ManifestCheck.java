package dev.trimtab.cli.manifests;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.cli.manifests.CheckRun.CheckedObject;
import dev.trimtab.cli.manifests.CheckRun.CheckedObject.Finding;
import dev.trimtab.cli.manifests.CheckRun.CheckedObject.Finding.Level;
import dev.trimtab.cli.manifests.Preview.PreviewedDocument.Reviewed;
import dev.trimtab.knative.validation.FieldProblem;
import dev.trimtab.knative.validation.FieldProblem.KnativePath;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.kserve.AuthoredPlace;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.OldVersion;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.review.AutoscalerGuard;
import dev.trimtab.review.ObjectTypes;
import dev.trimtab.review.Reviewer;
import dev.trimtab.rules.Decision;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlDocument.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what would be clamped or refused in a reviewed object, and its place in the file. */
final class ManifestCheck {
    private static final JsonPointer API_VERSION = Pointers.of("apiVersion");
    private static final JsonPointer KIND = Pointers.of("kind");
    private static final JsonPointer SPEC = Pointers.of("spec");

    private final AutoscalerGuard autoscalers = new AutoscalerGuard(Reviewer.PLATFORM_NAMESPACES);
    private final Settings settings;

    ManifestCheck(Settings settings) {
        this.settings = settings;
    }

    CheckedObject of(ManifestFile file, YamlDocument document, Reviewed object, ClusterView cluster) {
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
            findings.addAll(autoscaling(document, object, cluster));
        }
        return new CheckedObject(file, position(document, object, KIND), object.named(), object.namespace(), findings);
    }

    private void add(
            List<Finding> findings,
            Decision decision,
            String component,
            YamlDocument document,
            Reviewed object,
            JsonPointer at) {
        // Knative's refusals do not depend on Trimtab's mode.
        boolean ours = decision instanceof Decision.Clamped || decision instanceof Decision.Refused;
        boolean audit = ours && settings.policy().mode() == Mode.AUDIT;
        String lead = component + (audit ? "(audit) " : "");
        String text = decision.because();
        if (audit) {
            text = decision instanceof Decision.Clamped it ? it.ifEnforced() : "would refuse: " + text;
        }
        String message = lead + text;
        Optional<Level> level = level(decision).map(it -> audit ? Level.WARNING : it);
        level.ifPresent(it -> findings.add(new Finding(it, decision.rule(), position(document, object, at), message)));
    }

    private static List<Finding> incomplete(YamlDocument document, Reviewed object) {
        List<Finding> findings = new ArrayList<>();
        OldVersion.of(object.before())
                .ifPresent(text -> findings.add(
                        new Finding(Level.REFUSED, "api-version", position(document, object, API_VERSION), text)));
        // For a Knative Service, Knative's own message is reported instead.
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

    /** Values of a type that the API server refuses. Other findings at the same place are dropped. */
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

    /** What Knative's own webhook refuses after Trimtab. Objects that Trimtab refuses never get there. */
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

    private List<Finding> autoscaling(YamlDocument document, Reviewed object, ClusterView cluster) {
        Settings known = settings.withAutoscaling(it -> cluster);
        boolean audit = settings.policy().mode() == Mode.AUDIT;
        return autoscalers.problems(new Manifest(object.review().result()), object.namespace(), known).stream()
                .map(it -> new Finding(
                        AutoscalerGuard.isDenied(it, settings) && !audit ? Level.REFUSED : Level.WARNING,
                        it.check().term(),
                        position(document, object, it.at()),
                        it.text()))
                .toList();
    }

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
