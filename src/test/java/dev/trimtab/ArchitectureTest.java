package dev.trimtab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What docs/architecture.md says about the packages, held by a test. */
class ArchitectureTest {
    private static final String[] PURE = {
        "dev.trimtab.manifest..",
        "dev.trimtab.rules..",
        "dev.trimtab.stability..",
        "dev.trimtab.policy..",
        "dev.trimtab.aibrix..",
        "dev.trimtab.knative..",
        "dev.trimtab.kserve..",
        "dev.trimtab.lifecycle..",
        "dev.trimtab.review..",
        "dev.trimtab.types..",
        "dev.trimtab.drift..",
        "dev.trimtab.yaml.."
    };
    private static final String[] INPUT_AND_OUTPUT = {
        "dev.trimtab.webhook..", "dev.trimtab.cluster..", "dev.trimtab.controller..", "dev.trimtab.cli.."
    };

    private final JavaClasses classes = new ClassFileImporter()
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
                .allowEmptyShould(true)
                .because("a rule is run by three faces, and by tests without any of them")
                .check(classes);
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
                .allowEmptyShould(true)
                .because("KServe adopts what a dry-run answers: anything that differs a second later makes a revision")
                .check(classes);
    }

    @Test
    @DisplayName("pure packages do not know the input and output packages")
    void pureKnowsNoFace() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(INPUT_AND_OUTPUT)
                .allowEmptyShould(true)
                .because("decisions live in the core; the faces carry bytes")
                .check(classes);
    }
}
