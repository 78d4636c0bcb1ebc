package dev.trimtab.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.lifecycle.HeldPods;
import dev.trimtab.lifecycle.HeldPods.HeldPod;
import dev.trimtab.yaml.YamlStream;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GpuCountTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nvidia.com/gpu",
                "nvidia.com/gpu.shared",
                "nvidia.com/mig-1g.5gb",
                "nvidia.com/gpumem",
                "amd.com/gpu",
                "intel.com/gpu",
                "habana.ai/gaudi",
                "aliyun.com/gpu-mem",
                "volcano.sh/vgpu-number",
                "tke.cloud.tencent.com/qgpu-memory",
                "koordinator.sh/gpu-memory",
                "huawei.com/Ascend910B3",
                "huawei.com/Ascend910B3-memory",
                "huawei.com/npu-core",
                "hygon.com/dcunum",
                "hygon.com/hcunum",
                "hygon.com/dcumem",
                "cambricon.com/vmlu",
                "cambricon.com/mlu.smlu.vmemory",
                "metax-tech.com/sgpu",
                "metax-tech.com/gpu",
                "metax-tech.com/vmemory",
                "enflame.com/drs-gcu",
                "kunlunxin.com/vxpu-memory",
                "iluvatar.ai/MR-V100-vgpu",
                "mthreads.com/sgpu-memory"
            })
    @DisplayName("each family is counted, by its own name")
    void families(String resource) {
        assertThat(count("spec: {containers: [{resources: {limits: {%s: 3, cpu: 8}}}]}".formatted(resource)))
                .isEqualTo("3 " + resource);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cpu", "huawei.com/nic", "hygon.com/nic", "metax-tech.com/nic", "nvidia.com/nic", "gpu-fraction"
            })
    @DisplayName("what is no GPU is not counted")
    void others(String resource) {
        assertThat(count("spec: {containers: [{resources: {limits: {%s: 3}}}]}".formatted(resource)))
                .isEqualTo("no GPU");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpu-fraction: '0.5'                                 | 0.5 gpu-fraction",
                "gpu-fraction: '0.25', gpu-fraction-num-devices: '3' | 0.75 gpu-fraction",
                "gpu-memory: '4096'                                  | 4096 gpu-memory",
                "gpu-memory: '4096', gpu-fraction-num-devices: '2'   | 8192 gpu-memory",
                "gpu-memory: '4096', gpu-fraction-num-devices: 'x'   | 4096 gpu-memory",
                "gpu-memory: '4096', gpu-fraction-num-devices: '0'   | 4096 gpu-memory",
                "gpu-fraction: '1'                                   | no GPU",
                "gpu-fraction: '0'                                   | no GPU",
                "gpu-fraction: '-0.5'                                | no GPU",
                "gpu-fraction: NaN                                   | no GPU",
                "gpu-fraction: half                                  | no GPU",
                "gpu-fraction: 0.5                                   | no GPU",
                "gpu-memory: 4Gi                                     | no GPU",
                "gpu-memory: '4096.5'                                | no GPU",
                "gpu-memory: '-1'                                    | no GPU",
                "gpu-memory: '0'                                     | no GPU",
                "gpu-fraction-num-devices: '2'                       | no GPU",
            })
    @DisplayName("a share that KAI takes from the pod's annotations counts once, for all its containers")
    void kai(String annotations, String counted) {
        assertThat(count("metadata: {annotations: {%s}}\nspec: {initContainers: [{}], containers: [{}, {}]}"
                        .formatted(annotations)))
                .isEqualTo(counted);
    }

    @Test
    @DisplayName("shares of several pods add up without the errors of binary fractions")
    void shares() {
        JsonNode pod = pod("metadata: {annotations: {gpu-fraction: '0.1'}}\nspec: {nodeName: n, containers: [{}]}");

        assertThat(HeldPods.of(List.of(pod, pod, pod))).hasToString("3 pods with 0.3 gpu-fraction");
    }

    @Test
    @DisplayName("limits win over requests, requests count where there is no limit, and resources stay apart")
    void limits() {
        assertThat(count("""
                spec:
                  containers:
                  - resources: {limits: {nvidia.com/gpu: "2"}, requests: {nvidia.com/gpu: "1"}}
                  - resources: {requests: {nvidia.com/gpu: 1, nvidia.com/gpumem: 8k}}
                """)).isEqualTo("3 nvidia.com/gpu, 8000 nvidia.com/gpumem");
        assertThat(count("spec: {containers: [{resources: {limits: {cpu: 1, nvidia.com/gpu: 0}}}, {}]}"))
                .isEqualTo("no GPU");
        assertThat(count("spec: {containers: [{resources: {limits: {nvidia.com/gpu: many}}}]}"))
                .isEqualTo("no GPU");
        assertThat(count("{}")).isEqualTo("no GPU");
    }

    @Test
    @DisplayName("init containers run one after the other: the largest counts, if it is more than what runs later")
    void initContainers() {
        String pod = "spec: {initContainers: [%s, %s], containers: [%s]}";
        assertThat(count(pod.formatted(gpus(4), gpus(3), gpus(2)))).isEqualTo("4 nvidia.com/gpu");
        assertThat(count(pod.formatted(gpus(1), gpus(2), gpus(3)))).isEqualTo("3 nvidia.com/gpu");
    }

    @Test
    @DisplayName("a sidecar runs along with the containers, and with the init containers after it")
    void sidecars() {
        String pod = "spec: {initContainers: [%s, %s], containers: [%s]}";
        assertThat(count(pod.formatted(sidecar(1), gpus(1), gpus(2)))).isEqualTo("3 nvidia.com/gpu");
        assertThat(count(pod.formatted(sidecar(1), gpus(4), gpus(2)))).isEqualTo("5 nvidia.com/gpu");
        assertThat(count(pod.formatted(gpus(4), sidecar(1), gpus(2)))).isEqualTo("4 nvidia.com/gpu");
    }

    @Test
    @DisplayName("only pods on a node hold GPUs, and only until they are over")
    void held() {
        List<JsonNode> pods = List.of(
                pod("metadata: {name: running}\nspec: {nodeName: n, containers: [%s]}".formatted(gpus(1))),
                pod("metadata: {name: pending}\nspec: {containers: [%s]}".formatted(gpus(1))),
                pod("spec: {nodeName: n, containers: [%s]}\nstatus: {phase: Failed}".formatted(gpus(1))),
                pod("spec: {nodeName: n, containers: [%s]}\nstatus: {phase: Succeeded}".formatted(gpus(1))),
                pod("""
                        metadata:
                          name: leaving
                          deletionTimestamp: "2026-11-22T10:05:00Z"
                          deletionGracePeriodSeconds: 300
                        spec: {nodeName: n, containers: [%s]}
                        status: {phase: Running}
                        """.formatted(gpus(2))));

        HeldPods held = HeldPods.of(pods);

        assertThat(held).hasToString("3 pods with 3 nvidia.com/gpu");
        assertThat(held.pods()).extracting(HeldPod::name).containsExactly("running", "pending", "leaving");
        assertThat(held.pods().get(2).since()).map(Object::toString).contains("2026-11-22T10:00:00Z");
        assertThat(HeldPods.of(List.of()).isEmpty()).isTrue();
    }

    private static String gpus(int number) {
        return "{resources: {limits: {nvidia.com/gpu: %d}}}".formatted(number);
    }

    private static String sidecar(int number) {
        return "{restartPolicy: Always, resources: {limits: {nvidia.com/gpu: %d}}}".formatted(number);
    }

    private static String count(String pod) {
        return GpuCount.ofPod(pod(pod)).toString();
    }

    private static JsonNode pod(String yaml) {
        return YamlStream.read(yaml).get(0).content();
    }
}
