package dev.trimtab.drift;

import java.util.Optional;

/** An object that a refresh would not change, whatever the policy. What KServe rendered for it is left out too. */
public record LeftOut(ObjectKey key, Optional<ObjectKey> owner, String because) implements Look {}
