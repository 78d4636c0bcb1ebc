package dev.trimtab.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuCountOfPodTest {
    @ParameterizedTest
    @DisplayName("GPUs count as they are; a part of one counts as a whole one, whatever it is a part of")
    @CsvSource(delimiter = '|', textBlock = """
            nvidia.com/gpu=8                             | 8
            amd.com/gpu=2                                | 2
            nvidia.com/mig-1g.5gb=2                      | 2
            nvidia.com/gpu=1, nvidia.com/gpumem=12000    | 1
            nvidia.com/gpu=2, nvidia.com/gpucores=50     | 2
            aliyun.com/gpu-mem=12                        | 1
            volcano.sh/vgpu-number=2, volcano.sh/vgpu-memory=8000 | 2
            koordinator.sh/gpu=50                        | 1
            koordinator.sh/gpu-memory=8589934592         | 1
            tke.cloud.tencent.com/qgpu-memory=8          | 1
            gpu-fraction=0.5                             | 1
            gpu-memory=8000                              | 1
            huawei.com/Ascend910=4                       | 4
            ''                                           | 0
            """)
    void gpus(String resources, long gpus) {
        Map<String, BigDecimal> amounts = new HashMap<>();
        if (!resources.isEmpty()) {
            for (String resource : resources.split(", ", -1)) {
                String[] parts = resource.split("=", 2);
                amounts.put(parts[0], new BigDecimal(parts[1]));
            }
        }
        assertThat(new GpuCount(amounts).whole()).isEqualTo(gpus);
    }
}
