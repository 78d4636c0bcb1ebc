package dev.trimtab.api.cluster;

import io.fabric8.kubernetes.client.http.HttpRequest;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request of a process is about. */
public final class Requests {
    private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE");
    private static final Pattern NAMESPACE = Pattern.compile("/namespaces/([^/?]+)");

    private Requests() {}

    public static boolean isWrite(HttpRequest request) {
        return WRITES.contains(request.method());
    }

    public static boolean isAboutLease(HttpRequest request) {
        return request.uri().getPath().contains("/leases");
    }

    /** Empty where it is about all of them, or none. */
    public static String namespace(HttpRequest request) {
        Matcher found = NAMESPACE.matcher(request.uri().getPath());
        return found.find() ? found.group(1) : "";
    }
}
