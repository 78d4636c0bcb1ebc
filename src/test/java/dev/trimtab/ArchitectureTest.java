package dev.trimtab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What docs/architecture.md says about the packages, held by a test. */
class ArchitectureTest {
    /** From the bottom up: each package knows only those before it. */
    private static final List<String> ORDER = List.of(
            "manifest",
            "types",
            "yaml",
            "knative",
            "kserve",
            "policy",
            "gpu",
            "rules",
            "stability",
            "autoscalers",
            "lifecycle",
            "schedule",
            "certificates",
            "snapshot",
            "review",
            "drift",
            "kube",
            "cluster",
            "controller",
            "webhook",
            "cli");

    /** They decide, and do no input or output. */
    private static final String[] PURE = packages(ORDER.subList(0, ORDER.indexOf("kube")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.trimtab");

    @Test
    @DisplayName("pure packages know no framework: the webhook, the controller and the command line share them")
    void pureOfFrameworks() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..", "org.jboss..", "io.fabric8.kubernetes.client..")
                .because("a rule is run by three faces, and by tests without any of them")
                .check(CLASSES);
    }

    @Test
    @DisplayName("pure packages read no clock, network, file or environment: a dry-run and the real request must agree")
    void pureOfTheWorld() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.file..", "java.util.random..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .because("KServe adopts what a dry-run answers: anything that differs a second later makes a revision")
                .check(CLASSES);
    }

    @Test
    @DisplayName("each package knows only those below it")
    void order() {
        for (int i = 0; i < ORDER.size(); i++) {
            noClasses()
                    .that()
                    .resideInAnyPackage(packages(ORDER.subList(i, i + 1)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(packages(ORDER.subList(i + 1, ORDER.size())))
                    .because("a reader follows a request or a reconcile downwards only, and a fact is in one place:"
                            + " %s is below what it would use".formatted(ORDER.get(i)))
                    .check(CLASSES);
        }
    }

    @Test
    @DisplayName("the order names every package that there is")
    void complete() {
        classes()
                .that()
                .resideOutsideOfPackage("dev.trimtab")
                .should()
                .resideInAnyPackage(packages(ORDER))
                .because("a package that the order does not name could use and be used by all")
                .check(CLASSES);
    }

    @Test
    @DisplayName("no cycles between the rooms of a package")
    void rooms() {
        for (String house : List.of("knative", "controller", "cli")) {
            slices().matching("dev.trimtab." + house + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .because("rooms that need each other are one room")
                    .check(CLASSES);
        }
    }

    private static String[] packages(List<String> names) {
        return names.stream().map(name -> "dev.trimtab." + name + "..").toArray(String[]::new);
    }
}
