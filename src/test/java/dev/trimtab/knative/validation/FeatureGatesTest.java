package dev.trimtab.knative.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.FeaturesConfig;
import dev.trimtab.yaml.YamlStream;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which flags a pod spec needs on a cluster. */
class FeatureGatesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            affinity: {}                     | affinity | kubernetes.podspec-affinity
            runtimeClassName: ""             | runtimeClassName | kubernetes.podspec-runtimeclassname
            securityContext: {}              | securityContext | kubernetes.podspec-securitycontext
            shareProcessNamespace: false     | shareProcessNamespace | kubernetes.podspec-shareprocessnamespace
            dnsConfig: {}                    | dnsConfig | kubernetes.podspec-dnsconfig
            nodeSelector: {gpu: a}           | nodeSelector | kubernetes.podspec-nodeselector
            tolerations: [{key: gpu}]        | tolerations | kubernetes.podspec-tolerations
            priorityClassName: high          | priorityClassName | kubernetes.podspec-priorityclassname
            schedulerName: volcano           | schedulerName | kubernetes.podspec-schedulername
            dnsPolicy: Default               | dnsPolicy | kubernetes.podspec-dnspolicy
            hostNetwork: true                | hostNetwork | kubernetes.podspec-hostnetwork
            hostPID: true                    | hostPID | kubernetes.podspec-hostpid
            hostIPC: true                    | hostIPC | kubernetes.podspec-hostipc
            hostAliases: [{ip: 10.0.0.1}]    | hostAliases | kubernetes.podspec-hostaliases
            topologySpreadConstraints: [{maxSkew: 1}] | topologySpreadConstraints | kubernetes.podspec-topologyspreadconstraints
            """)
    @DisplayName("a field needs its flag; Allowed is enough; an empty map counts where Go has a pointer")
    void fields(String field, String name, String flag) {
        assertThat(closed(field)).containsExactly(Map.entry(name, flag));
        assertThat(closed(field, flag, "Allowed")).isEmpty();
        assertThat(closed(field, flag, "Disabled")).containsKey(name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nodeSelector: {}
            tolerations: []
            priorityClassName: ""
            hostNetwork: false
            affinity: null
            initContainers: []
            """)
    @DisplayName("nothing, as Go sees it, needs no flag")
    void nothing(String field) {
        assertThat(closed(field)).isEmpty();
    }

    @Test
    @DisplayName("init containers: Enabled, since Allowed is none here")
    void initContainers() {
        String field = "initContainers: [{name: i}]";
        String flag = FeaturesConfig.INIT_CONTAINERS;

        assertThat(closed(field)).containsExactly(Map.entry("initContainers", flag));
        assertThat(closed(field, flag, "Allowed")).containsKey("initContainers");
        assertThat(closed(field, flag, "Enabled")).isEmpty();
    }

    @Test
    @DisplayName("a security context may be written if secure-pod-defaults is on")
    void securePodDefaults() {
        assertThat(closed("securityContext: {}", FeaturesConfig.SECURE_POD_DEFAULTS, "Enabled"))
                .isEmpty();
        assertThat(closed("securityContext: {}", FeaturesConfig.SECURE_POD_DEFAULTS, "Disabled"))
                .hasSize(1);
        assertThat(closed("affinity: {}", FeaturesConfig.SECURE_POD_DEFAULTS, "Enabled"))
                .hasSize(1);
    }

    @Test
    @DisplayName("a claim needs a flag, and another one to be written to; emptyDir is open on a fresh cluster")
    void volumes() {
        String claim = "volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]";
        String readOnly = "volumes: [{name: v, persistentVolumeClaim: {claimName: c, readOnly: true}}]";

        assertThat(closed(claim)).containsOnlyKeys("persistentVolumeClaim", FeatureGates.WRITABLE_CLAIM);
        assertThat(closed(readOnly)).containsOnlyKeys("persistentVolumeClaim");
        assertThat(closed(readOnly, FeaturesConfig.PERSISTENT_VOLUME_CLAIM, "Enabled"))
                .isEmpty();
        assertThat(closed("volumes: [{name: v, emptyDir: {}}]")).isEmpty();
        assertThat(closed("volumes: [{name: v, emptyDir: {}}]", FeaturesConfig.EMPTY_DIR, "Disabled"))
                .containsExactly(Map.entry("emptyDir", FeaturesConfig.EMPTY_DIR));
    }

    private static Map<String, String> closed(String pod) {
        return FeatureGates.closed(yaml(pod), FeaturesConfig.DEFAULTS);
    }

    private static Map<String, String> closed(String pod, String flag, String value) {
        return FeatureGates.closed(yaml(pod), FeaturesConfig.parse(Map.of(flag, value)));
    }

    private static ObjectNode yaml(String pod) {
        return (ObjectNode) YamlStream.read(pod).get(0).content();
    }
}
