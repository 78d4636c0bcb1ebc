package dev.trimtab.knative.golang;

import java.util.ArrayDeque;
import java.util.Deque;

/** Go's package path. Knative compares the places of mounts with it. */
public final class GoPath {
    private static final String UP = "..";

    private GoPath() {}

    /** The shortest path to the same place, without a look at the file system: Go's {@code path.Clean}. */
    public static String clean(String path) {
        boolean absolute = path.startsWith("/");
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            boolean up = part.equals(UP);
            if (up && !parts.isEmpty() && !parts.getLast().equals(UP)) {
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".") && !(up && absolute)) {
                // Nothing is above the root.
                parts.addLast(part);
            }
        }
        String clean = (absolute ? "/" : "") + String.join("/", parts);
        return clean.isEmpty() ? "." : clean;
    }
}
