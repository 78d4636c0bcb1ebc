package dev.trimtab.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.jboss.logging.Logger;

/** Posts an Event on the policy ConfigMap when what it holds cannot be taken: {@code kubectl describe} shows it. */
final class PolicyEvents {
    private static final Logger LOG = Logger.getLogger(PolicyEvents.class);

    /** The API server refuses a longer message (events are validated to 1,024 characters). */
    private static final int LONGEST = 1_000;

    private final KubernetesClient client;
    private final Clock clock = Clock.systemUTC();

    PolicyEvents(KubernetesClient client) {
        this.client = client;
    }

    /** @param stays what is in force instead */
    void invalid(ConfigMap map, String stays, String why) {
        String message = "the last good %s in force: %s".formatted(stays, why);
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        try {
            client.v1()
                    .events()
                    .inNamespace(map.getMetadata().getNamespace())
                    .resource(new EventBuilder()
                            .withNewMetadata()
                            .withGenerateName(map.getMetadata().getName() + ".")
                            .withNamespace(map.getMetadata().getNamespace())
                            .endMetadata()
                            .withNewInvolvedObject()
                            .withApiVersion("v1")
                            .withKind("ConfigMap")
                            .withNamespace(map.getMetadata().getNamespace())
                            .withName(map.getMetadata().getName())
                            .withUid(map.getMetadata().getUid())
                            .withResourceVersion(map.getMetadata().getResourceVersion())
                            .endInvolvedObject()
                            .withType("Warning")
                            .withReason("PolicyInvalid")
                            .withMessage(message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "…")
                            .withFirstTimestamp(now)
                            .withLastTimestamp(now)
                            .withCount(1)
                            .withNewSource()
                            .withComponent("trimtab")
                            .endSource()
                            .build())
                    .create();
        } catch (KubernetesClientException problem) {
            LOG.warnf("cannot post an Event about the invalid policy: %s", problem.getMessage());
        }
    }
}
