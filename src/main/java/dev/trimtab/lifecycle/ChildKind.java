package dev.trimtab.lifecycle;

import dev.trimtab.manifest.ResourceKind;

/**
 * What KServe makes of a service, in the order in which it is taken down: first what would scale it up again, then what
 * holds pods, at last the ways to it.
 */
public enum ChildKind {
    HORIZONTAL_POD_AUTOSCALER(ResourceKind.HORIZONTAL_POD_AUTOSCALER),
    SCALED_OBJECT(ResourceKind.SCALED_OBJECT),
    KNATIVE_SERVICE(ResourceKind.KNATIVE_SERVICE),
    DEPLOYMENT(ResourceKind.DEPLOYMENT),
    OPEN_TELEMETRY_COLLECTOR(ResourceKind.OPEN_TELEMETRY_COLLECTOR),
    VIRTUAL_SERVICE(ResourceKind.VIRTUAL_SERVICE),
    HTTP_ROUTE(ResourceKind.HTTP_ROUTE),
    INGRESS(ResourceKind.INGRESS),
    SERVICE(ResourceKind.SERVICE);

    private final ResourceKind resource;

    ChildKind(ResourceKind resource) {
        this.resource = resource;
    }

    public ResourceKind resource() {
        return resource;
    }

    /** Whether pods come of it, so that it has to stay away for as long as the service is stopped. */
    public boolean holdsPods() {
        return this == KNATIVE_SERVICE || this == DEPLOYMENT;
    }

    /** As a person would say it. */
    @Override
    public String toString() {
        return this == KNATIVE_SERVICE ? "Knative Service" : resource.kindName();
    }
}
