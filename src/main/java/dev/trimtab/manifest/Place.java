package dev.trimtab.manifest;

import com.fasterxml.jackson.core.JsonPointer;

/**
 * A place that is reached on a walk through a document. The pointer is made only if it is asked for: to make one at each
 * step would cost more than the walk.
 */
public final class Place {
    private final Place parent;
    private final JsonPointer start;
    private final String field;
    private final int item;

    private Place(Place parent, JsonPointer start, String field, int item) {
        this.parent = parent;
        this.start = start;
        this.field = field;
        this.item = item;
    }

    public static Place of(JsonPointer start) {
        return new Place(null, start, null, -1);
    }

    public Place field(String name) {
        return new Place(this, null, name, -1);
    }

    public Place item(int index) {
        return new Place(this, null, null, index);
    }

    /** Made in one go: step by step, a deeply nested document would take the third power of its depth. */
    public JsonPointer pointer() {
        if (parent == null) {
            return start;
        }
        StringBuilder text = new StringBuilder();
        write(text);
        return JsonPointer.compile(text.toString());
    }

    private void write(StringBuilder text) {
        if (parent == null) {
            text.append(start);
            return;
        }
        parent.write(text);
        text.append('/');
        if (field == null) {
            text.append(item);
        } else {
            text.append(field.replace("~", "~0").replace("/", "~1"));
        }
    }

    /** As Knative writes it: {@code template.spec.containers[0].name}. */
    public String path() {
        if (parent == null) {
            return "";
        }
        String before = parent.path();
        if (field == null) {
            return before + "[" + item + "]";
        }
        return before.isEmpty() ? field : before + "." + field;
    }
}
