package dev.trimtab.cli;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.util.Optional;

/** The user of a kubeconfig's context, as the file has it: the client's configuration has only what came of it. */
final class KubeconfigUser {
    private KubeconfigUser() {}

    /** Empty where there is no kubeconfig, or no such user in it. */
    static Optional<AuthInfo> of(Config config) {
        Optional<File> file =
                Optional.ofNullable(config.getFileWithAuthInfo()).or(() -> Optional.ofNullable(config.getFile()));
        if (file.isEmpty() || config.getCurrentContext() == null) {
            return Optional.empty();
        }
        String name = config.getCurrentContext().getContext().getUser();
        return KubeConfigUtils.parseConfig(file.get()).getUsers().stream()
                .filter(user -> user.getName().equals(name))
                .map(NamedAuthInfo::getUser)
                .findFirst();
    }
}
