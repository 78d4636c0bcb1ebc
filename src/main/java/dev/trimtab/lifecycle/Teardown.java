package dev.trimtab.lifecycle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What Trimtab takes down itself, when KServe had its time: because this KServe has no stop, because something blocks it,
 * or because KServe leaves it behind.
 */
final class Teardown {
    /** KServe's own order (ksvc first predictor, then transformer, explainer); what has no component goes last. */
    private static final List<String> COMPONENTS = List.of("predictor", "transformer", "explainer");

    private Teardown() {}

    static List<Step> of(ObservedStop view) {
        List<Step> steps = new ArrayList<>();
        if (!view.kind().isTornDown() || !view.isOverdue()) {
            return steps;
        }
        view.children().stream()
                .filter(child -> !child.terminating() && !view.runsOn(child.component()))
                .sorted(Comparator.comparing(Child::kind).thenComparing(Teardown::order))
                .forEach(child -> {
                    boolean again = child.isYoungerThan(view.since());
                    if (child.kind().holdsPods()) {
                        // Deleted once more, it would be there once more: nothing keeps this KServe from it.
                        steps.add(again ? new Step.Hold(child) : new Step.Delete(child));
                    } else if (!again) {
                        // A route or a Service that KServe makes again holds nothing, and is left to it.
                        steps.add(new Step.Delete(child));
                    }
                });
        return steps;
    }

    private static int order(Child child) {
        int known = COMPONENTS.indexOf(child.component());
        return known < 0 ? COMPONENTS.size() : known;
    }
}
