package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.trimtab.gitops.KrewManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The scripts of a release (docs/releasing.md), on a copy of what they read and write. */
class ReleaseTest {
    private static final String VERSION = Manifests.parse(Manifests.read(Path.of("deploy/webhook/kustomization.yaml")))
            .objects()
            .get(0)
            .at("/images/0/newTag")
            .asText();
    private static final List<String> COPIED =
            List.of("README.md", "CHANGELOG.md", "Dockerfile", "pom.xml", "docs", "deploy", "certs", "release");

    private static final String SCRIPTS = "release/* plugin/* .ci/* test-cluster/test-cluster certs/dev-ca.sh";

    private static final Pattern NAMES_A_RELEASE =
            Pattern.compile("releases/(download|latest)|oci://ghcr|trimtab/trimtab@v|rev: v\\d"
                    + "|ghcr\\.io/trimtab/trimtab:|kubectl krew install");
    private static final Pattern SAYS_THERE_IS_NONE =
            Pattern.compile("(?i)no\\s+(release|published\\s+image)\\s+yet|before the first release");

    @TempDir
    private Path folder;

    @Test
    @DisplayName("every place that names the version names the same one")
    void oneVersion() {
        var places = bash("release/versions").output().lines().toList();

        assertThat(places)
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(place -> assertThat(place).endsWith(":" + VERSION))
                .anyMatch(place -> place.startsWith("deploy/webhook/kustomization.yaml:"))
                .anyMatch(place -> place.startsWith("docs/"));
    }

    @Test
    @DisplayName("prepare: a commit with the version everywhere and its tag, then the next version in pom.xml")
    void prepare() {
        copy();

        assertThat(in("release/prepare 1.2.3")).matches(it -> it.exitCode() == 0, "prepared");

        assertThat(in("git log --format=%s -2").output()).isEqualTo("Begin 1.3.0-SNAPSHOT\nRelease 1.2.3\n");
        assertThat(in("git status --porcelain").output()).isEmpty();
        assertThat(in("grep -c '<version>1.3.0-SNAPSHOT</version>' pom.xml").output())
                .isEqualTo("1\n");
        assertThat(in("git diff --stat v1.2.3 HEAD").output()).contains("pom.xml", "1 file changed");
        assertThat(in("git -c advice.detachedHead=false checkout -q v1.2.3 && release/check v1.2.3"))
                .isEqualTo(new Command(0, ""));
        assertThat(in("release/versions").output().lines()).isNotEmpty().allSatisfy(place -> assertThat(place)
                .endsWith(":1.2.3"));
        assertThat(in("sed -n '/^## /p' CHANGELOG.md | head -2").output())
                .matches("## \\[Unreleased]\n## \\[1\\.2\\.3] - \\d{4}-\\d\\d-\\d\\d\n");
        assertThat(in("release/notes 1.2.3").output()).isEqualTo("### Added\n- Something.\n");
        assertThat(in("tail -n 3 deploy/chart/Chart.yaml").output()).isEqualTo("""
                          artifacthub.io/changes: |
                            - kind: added
                              description: "Something."
                        """);
    }

    @Test
    @DisplayName("prepare refuses what would be no release, says why, and leaves everything as it was")
    void refusals() {
        copy();
        refuses("release/prepare 1.2", "usage: release/prepare 1.2.3");
        refuses("release/prepare 'v1.2.3'", "usage: release/prepare 1.2.3");
        refuses("git tag v1.2.3; release/prepare 1.2.3; code=$?; git tag -d v1.2.3 >&2; exit $code", "v1.2.3 exists");
        refuses(
                "git checkout -qb other; release/prepare 1.2.3; code=$?; git checkout -q main; exit $code",
                "not the branch main");
        refuses(
                "touch new; release/prepare 1.2.3; code=$?; rm new; exit $code",
                "there are changes that are not committed");
        refuses(
                change("CHANGELOG.md", "s/^### Added//; s/^- Something.//"),
                "nothing is under Unreleased in CHANGELOG.md");
        refuses(
                change("docs/gitops.md", "1s/$/ There is no release yet./"),
                "these say that there is no release: docs/gitops.md:1:");
    }

    @Test
    @DisplayName("check: a tag that is none, and a commit that says another version")
    void check() {
        copy();
        assertThat(in("release/check v0.1").output()).contains("v0.1 is no tag of a release");
        var other = in("release/check v9.9.9");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.output())
                .contains(
                        "pom.xml has version ",
                        "deploy/webhook/kustomization.yaml:26: has version " + VERSION + ", the tag is v9.9.9",
                        "CHANGELOG.md has no section \"## [9.9.9]\"");
        assertThat(
                        in("release/prepare 1.2.3 && git checkout -q v1.2.3 && sed -i 's/Something/Another/' deploy/chart/Chart.yaml"
                                        + " && release/check v1.2.3")
                                .output())
                .endsWith("deploy/chart/Chart.yaml: artifacthub.io/changes is not what release/changes 1.2.3 prints\n");
    }

    @Test
    @DisplayName("notes: one section, its links lead to the files of that version")
    void notes() throws IOException {
        copy();
        Files.writeString(folder.resolve("CHANGELOG.md"), """
                # Changelog
                [Keep](https://example.com)
                ## [Unreleased]
                ## [1.10.0] - 2026-01-02

                ### Fixed
                - This ([rules](docs/rules.md), [page](https://example.com)).

                ## [1.1.0] - 2026-01-01
                - Older.
                """);

        assertThat(in("release/notes 1.10.0").output()).isEqualTo("""
                        ### Fixed
                        - This ([rules](https://github.com/trimtab/trimtab/blob/v1.10.0/docs/rules.md), [page](https://example.com)).
                        """);
        assertThat(in("release/notes 1.1.0").output()).isEqualTo("- Older.\n");
        assertThat(in("release/notes Unreleased"))
                .isEqualTo(
                        new Command(1, "CHANGELOG.md has no section \"## [Unreleased]\", or the section is empty\n"));
    }

    @Test
    @DisplayName("changes of the chart: each with its kind, on one line, without links")
    void changes() throws IOException {
        copy();
        Files.writeString(folder.resolve("CHANGELOG.md"), """
                ## [1.2.0] - 2026-01-02
                ### Added
                **Group**
                - A "quoted" thing with a \\
                  and two lines ([rules](docs/rules.md)), for
                  [each one](docs/a.md).

                ### Fixed
                - That.
                ## [1.1.0] - 2026-01-01
                - Older.
                """);

        var annotation = in("release/changes 1.2.0").output();
        assertThat(new Yaml().<Object>load(annotation))
                .isEqualTo(List.of(
                        Map.of(
                                "kind",
                                "added",
                                "description",
                                "A \"quoted\" thing with a \\ and two lines, for each one."),
                        Map.of("kind", "fixed", "description", "That.")));
        assertThat(in("release/changes 1.3.0").exitCode()).isEqualTo(1);
    }

    @Test
    @DisplayName("install.yaml: the objects of kubectl apply -k deploy/webhook, with the version of the image")
    void installYaml() {
        assumeTrue(Command.find("kubectl").isPresent(), "no kubectl on the PATH or in KUBEBUILDER_ASSETS");
        var kubectl = Command.find("kubectl").orElseThrow();
        var path = "PATH=%s:$PATH ".formatted(kubectl.toAbsolutePath().getParent());

        var installed = bash(path + "release/install-yaml").output();
        assertThat(installed).startsWith("# Trimtab " + VERSION + ": deploy/webhook, ");
        assertThat(Manifests.parse(installed))
                .isEqualTo(Manifests.parse(
                        bash(path + "kubectl kustomize deploy/webhook").output()));
        assertThat(Manifests.parse(installed).ofKind("Deployment")).hasSize(2).allSatisfy(it -> assertThat(
                        it.at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("ghcr.io/trimtab/trimtab:" + VERSION));
    }

    @Test
    @DisplayName("krew: the manifest as krew-release-bot would fill it in")
    void krew() {
        var sum = bash("sha256sum LICENSE").output().substring(0, 64);

        assertThat(Manifests.parse(bash("release/krew 1.2.3 LICENSE").output()).objects())
                .containsExactly(KrewManifest.rendered("v1.2.3", sum));
    }

    @Test
    @DisplayName("while there is no release, each page that names files or tags of one says that there is none")
    void noPromises() throws IOException {
        boolean released = Manifests.read(Path.of("CHANGELOG.md")).lines().anyMatch(it -> it.matches("## \\[\\d.*"));
        if (released) {
            return;
        }
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            assertThat(Stream.concat(Stream.of(Path.of("README.md")), docs)
                            .filter(page -> page.toString().endsWith(".md"))
                            .filter(page -> NAMES_A_RELEASE
                                    .matcher(Manifests.read(page))
                                    .find())
                            .filter(page -> !SAYS_THERE_IS_NONE
                                    .matcher(Manifests.read(page))
                                    .find()))
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("shellcheck finds nothing in the scripts")
    void shellcheck() {
        assumeTrue(Command.find("shellcheck").isPresent(), "no shellcheck");
        assertThat(bash("shellcheck " + SCRIPTS)).isEqualTo(new Command(0, ""));
    }

    @Test
    @DisplayName(
            "no script asks grep -q at the end of a pipe: the command before it fails if grep ends first, and pipefail takes that for a no")
    void quietGrep() {
        assertThat(bash("grep -nE '[|] *grep +-[a-zA-Z]*q' " + SCRIPTS)).isEqualTo(new Command(1, ""));
    }

    private void refuses(String command, String reason) {
        var before =
                in("git rev-parse HEAD && git status --porcelain && git tag").output();
        var refused = in(command);
        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output()).contains(reason);
        assertThat(in("git rev-parse HEAD && git status --porcelain && git tag").output())
                .isEqualTo(before);
    }

    /** Changes a file in a commit of its own, prepares a release, and takes the commit back. */
    private static String change(String file, String sed) {
        return "sed -i '%s' %s; git commit -qam x; release/prepare 1.2.3; code=$?; git status --porcelain; git reset -q --hard HEAD~1; exit $code"
                .formatted(sed, file);
    }

    /** A repository as it could be released: nothing in it says that there is no release. */
    private void copy() {
        var copied = bash("cp -R --parents %s %s".formatted(String.join(" ", COPIED), folder));
        assertThat(copied.exitCode()).as(copied.output()).isZero();
        var made = in("""
                sed -i -E '/no release yet|There is no release|no published image yet/Id' README.md CHANGELOG.md docs/*.md
                printf '%s\\n' '# Changelog' '' '## [Unreleased]' '### Added' '- Something.' > CHANGELOG.md
                git init -q -b main . && git config user.name T && git config user.email t@example.com
                git config commit.gpgsign false && git config tag.gpgsign false
                git add -A && git commit -qm All""");
        assertThat(made.exitCode()).as(made.output()).isZero();
    }

    private Command in(String script) {
        return bash("cd '%s' && {\n%s\n}".formatted(folder, script));
    }

    private static Command bash(String script) {
        return Command.run(List.of("bash", "-c", script));
    }
}
