package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.golang.GoPath;
import dev.trimtab.manifest.KnativeService;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The value of annotation {@code trimtab.dev/dataset: NAME[:/mount/path]}.
 *
 * @param name of a claim in the service's namespace; Fluid gives it the name of its Dataset
 * @param path where the model server looks for the model: absolute, without a slash at the end
 */
public record DatasetAnnotation(String name, String path) {
    public static final String ANNOTATION = "trimtab.dev/dataset";
    public static final JsonPointer AT = KnativeService.annotation(ANNOTATION);
    static final String DEFAULT_PATH = "/data/models";

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final int LONGEST_NAME = 253;

    /** Kubernetes allows no colon in a mount path. */
    private static final Pattern PATH = Pattern.compile("(/[^/:\\p{Cntrl}]+)+");

    /** Knative refuses to mount over these (Knative 1.23, k8s_validation.go); a Deployment would break. */
    private static final Set<String> RESERVED = Set.of("/dev", "/dev/log");

    /** A limit for the pattern, which recurses once per path element. */
    private static final int MAX_PATH = 1_024;

    private static final String PREFIX = "dataset-";
    private static final int LONGEST_LABEL = 63;

    static Optional<DatasetAnnotation> parse(String annotation) {
        int colon = annotation.indexOf(':');
        String name = colon < 0 ? annotation : annotation.substring(0, colon);
        String path = colon < 0 ? DEFAULT_PATH : annotation.substring(colon + 1);
        return isSubdomain(name) && isMountPath(path)
                ? Optional.of(new DatasetAnnotation(name, path))
                : Optional.empty();
    }

    /** The volume's name: a DNS label within Kubernetes' limit. */
    String volumeName() {
        String label = PREFIX + name.replace('.', '-');
        String cut = label.length() <= LONGEST_LABEL ? label : label.substring(0, LONGEST_LABEL);
        return cut.replaceAll("-+$", "");
    }

    ObjectNode volume() {
        ObjectNode volume = JsonNodeFactory.instance.objectNode().put("name", volumeName());
        volume.putObject("persistentVolumeClaim").put("claimName", name).put("readOnly", true);
        return volume;
    }

    ObjectNode mount(String volumeName) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", volumeName)
                .put("mountPath", path)
                .put("readOnly", true);
    }

    /** Whether a path leads to this one: Knative refuses two mounts at one place (Knative 1.23, k8s_validation.go). */
    boolean isPath(String other) {
        return GoPath.clean(other).equals(path);
    }

    private static boolean isSubdomain(String name) {
        return name.length() <= LONGEST_NAME
                && Arrays.stream(name.split("\\.", -1))
                        .allMatch(label -> LABEL.matcher(label).matches());
    }

    private static boolean isMountPath(String path) {
        return path.length() <= MAX_PATH
                && PATH.matcher(path).matches()
                && Arrays.stream(path.split("/")).noneMatch(part -> part.equals(".") || part.equals(".."))
                && !RESERVED.contains(path);
    }
}
