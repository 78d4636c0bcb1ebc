package dev.trimtab.autoscalers;

/**
 * What is scaled. Group and kind, not the version: {@code apps/v1} and another spelling are one object.
 *
 * @param namespace where it is written to: AIBrix takes the reference's own where there is one (workload_scale.go 192-214)
 */
public record Target(String namespace, String group, String kind, String name) {
    static Target of(String namespace, String apiVersion, String kind, String name) {
        int slash = apiVersion.indexOf('/');
        return new Target(namespace, slash < 0 ? "" : apiVersion.substring(0, slash), kind, name);
    }

    public boolean isDeployment() {
        return group.equals("apps") && kind.equals("Deployment");
    }

    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name;
    }
}
