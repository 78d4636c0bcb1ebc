package dev.trimtab.yaml;

import java.util.Objects;

/**
 * A document that is not YAML, or is YAML that Kubernetes cannot take (a key twice, a list as a key, an infinite
 * number). The message is one line: line, column, reason.
 */
public final class YamlProblem extends RuntimeException {
    private final int document;
    private final Position position;
    private final String reason;
    private final String text;

    YamlProblem(int document, Position position, String reason, String text) {
        super(position.line() + ":" + position.column() + ": " + reason);
        this.document = document;
        this.position = Objects.requireNonNull(position);
        this.reason = reason;
        this.text = text;
    }

    /** The document's number in its source, from 1. */
    public int document() {
        return document;
    }

    public Position position() {
        return position;
    }

    /** Why, in one line and without the place. */
    public String reason() {
        return reason;
    }

    /** The slice of the source that could not be read, for callers that pass it through as it is. */
    public String text() {
        return text;
    }
}
