package dev.trimtab.api.gitops;

import java.util.List;

/** How a tool brings to the cluster what is in Git. */
enum GitOpsTool {
    /** Argo CD without any setting: kubectl apply. */
    ARGO("argocd-controller", false),
    /** Argo CD with the sync option {@code ServerSideApply=true}. */
    ARGO_SERVER_SIDE("argocd-controller", true),
    FLUX("kustomize-controller", true);

    private final String manager;
    private final boolean serverSide;

    GitOpsTool(String manager, boolean serverSide) {
        this.manager = manager;
        this.serverSide = serverSide;
    }

    /** Whose fields they are. */
    String manager() {
        return manager;
    }

    /** Of kubectl apply. */
    List<String> sync() {
        return serverSide ? serverSideApply() : List.of("--field-manager=" + manager);
    }

    /** A server-side apply, whichever way it syncs. */
    List<String> serverSideApply() {
        return List.of("--server-side", "--force-conflicts", "--field-manager=" + manager);
    }
}
