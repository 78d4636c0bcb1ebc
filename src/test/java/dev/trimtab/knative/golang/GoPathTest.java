package dev.trimtab.knative.golang;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoPathTest {
    /** Of Go's own table, path_test.go, cleantests. */
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "'', .",
        "abc, abc",
        "abc/def, abc/def",
        "., .",
        ".., ..",
        "../.., ../..",
        "../../abc, ../../abc",
        "/abc, /abc",
        "/, /",
        "abc/, abc",
        "../../, ../..",
        "/abc/, /abc",
        "//abc, /abc",
        "///abc, /abc",
        "//abc//, /abc",
        "abc/./def, abc/def",
        "/./abc/def, /abc/def",
        "abc/., abc",
        "abc/def/ghi/../jkl, abc/def/jkl",
        "abc/def/.., abc",
        "abc/def/../.., .",
        "/abc/def/../.., /",
        "abc/def/../../.., ..",
        "/abc/def/../../.., /",
        "abc/def/../../../ghi/jkl/../../../mno, ../../mno",
        "abc/./../def, def",
        "abc//./../def, def",
        "abc/../../././../def, ../../def"
    })
    void isClean(String path, String clean) {
        assertThat(GoPath.clean(path)).isEqualTo(clean);
    }
}
