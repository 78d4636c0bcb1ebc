package dev.trimtab.cluster;

import dev.trimtab.policy.Policy;
import dev.trimtab.review.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** The one snapshot that is in force. A review takes it once; a change swaps the whole of it. */
@ApplicationScoped
public class CurrentSettings {
    private final AtomicReference<Settings> current = new AtomicReference<>(Settings.DEFAULTS);
    private final AtomicBoolean loaded = new AtomicBoolean();

    /** @throws NotLoadedYet before the first read is done: a guess could fill what this cluster refuses */
    public Settings get() {
        if (!loaded.get()) {
            throw new NotLoadedYet();
        }
        return current.get();
    }

    boolean isLoaded() {
        return loaded.get();
    }

    Policy policy() {
        return current.get().policy();
    }

    void change(UnaryOperator<Settings> change) {
        current.updateAndGet(change);
    }

    void markLoaded() {
        loaded.set(true);
    }
}
