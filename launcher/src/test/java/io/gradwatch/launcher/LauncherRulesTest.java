package io.gradwatch.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class LauncherRulesTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gradwatch.launcher");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.gradwatch.launcher.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void onlyTheEntryPointsKnowTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.gradwatch.launcher", "..command..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..command..", "picocli..")
                .check(classes);
    }

    @Test
    void processesAndTheTerminalKnowNothingOfGradwatch() {
        noClasses()
                .that()
                .resideInAnyPackage("..process..", "..terminal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..broker..", "..datadir..", "..session..", "org.apache.kafka..")
                .check(classes);
    }

    @Test
    void onlyTheBrokerItsProcessAndTheReaderOfCommandsKnowKafka() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..broker..", "..launcher.twin..", "io.gradwatch.launcher")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "kafka..")
                .check(classes);
    }
}
