package io.gradwatch.listener;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gradwatch.listener");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.gradwatch.listener.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void knowsNothingOfTheServiceOrTheExperiments() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.gradwatch.telemetry..", "io.gradwatch.experiments..")
                .check(classes);
    }

    @Test
    void thePublisherAndTheCommandsKnowNothingOfNetworks() {
        noClasses()
                .that()
                .resideInAnyPackage("io.gradwatch.listener.publish..", "io.gradwatch.listener.command..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.deeplearning4j..", "org.nd4j..", "org.bytedeco..")
                .check(classes);
    }

    @Test
    void onlyThePublisherAndTheReaderOfCommandsKnowKafka() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.gradwatch.listener.publish..", "io.gradwatch.listener.command..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(classes);
    }

    @Test
    void nothingBelowDependsOnTheListenerItself() {
        noClasses()
                .that()
                .resideInAnyPackage("io.gradwatch.listener.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.gradwatch.listener")
                .check(classes);
    }
}
