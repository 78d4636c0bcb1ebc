package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What cert-manager is asked for, and that renewal leaves no moment without trust. */
class CertificateTest {
    private final Manifests manifests = Manifests.ofFolder();
    private final JsonNode ca = manifests.get("Certificate", "trimtab-ca").path("spec");
    private final JsonNode serving =
            manifests.get("Certificate", "trimtab-webhook").path("spec");

    @Test
    @DisplayName("self-signed Issuer, CA, CA Issuer, serving certificate: each link names the one before")
    void chain() {
        assertThat(manifests.get("Issuer", "trimtab-selfsigned").at("/spec").toString())
                .isEqualTo("{\"selfSigned\":{}}");
        assertThat(ca.at("/issuerRef/name").asText()).isEqualTo("trimtab-selfsigned");
        assertThat(ca.path("isCA").asBoolean()).isTrue();
        assertThat(manifests.get("Issuer", "trimtab-ca").at("/spec/ca/secretName"))
                .isEqualTo(ca.path("secretName"));
        assertThat(serving.at("/issuerRef/name").asText()).isEqualTo("trimtab-ca");
        assertThat(serving.path("isCA").asBoolean()).isFalse();
        assertThat(ca.path("secretName"))
                .as("the CA's key must not be mounted into a pod")
                .isNotEqualTo(serving.path("secretName"));
    }

    @Test
    @DisplayName("ECDSA P-256; the serving key changes at each renewal, the CA's never: old and new stay trusted")
    void keys() {
        for (var certificate : new JsonNode[] {ca, serving}) {
            assertThat(certificate.at("/privateKey/algorithm").asText()).isEqualTo("ECDSA");
            assertThat(certificate.at("/privateKey/size").asInt()).isEqualTo(256);
        }
        assertThat(serving.at("/privateKey/rotationPolicy").asText()).isEqualTo("Always");
        assertThat(ca.at("/privateKey/rotationPolicy").asText()).isEqualTo("Never");
    }

    @Test
    @DisplayName("a serving certificate never outlives the CA certificate that signed it")
    void durations() {
        assertThat(hours(serving, "renewBefore")).isLessThan(hours(serving, "duration"));
        assertThat(hours(serving, "duration")).isLessThan(hours(ca, "renewBefore"));
        assertThat(hours(ca, "renewBefore")).isLessThan(hours(ca, "duration"));
    }

    private static Duration hours(JsonNode certificate, String field) {
        return Duration.parse("PT" + certificate.path(field).asText());
    }
}
