package io.gradwatch.experiments;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "io.gradwatch.experiments";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void dependenciesLeadFromTheCommandLineDown() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("main")
                .definedBy(ROOT)
                .layer("cli")
                .definedBy(ROOT + ".cli..")
                .layer("table1")
                .definedBy(ROOT + ".table1..")
                .layer("run")
                .definedBy(ROOT + ".run..")
                .layer("checkpoint")
                .definedBy(ROOT + ".checkpoint..")
                .layer("data")
                .definedBy(ROOT + ".data..")
                .layer("network")
                .definedBy(ROOT + ".network..")
                .layer("layers")
                .definedBy(ROOT + ".layers..")
                .whereLayer("main")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("cli")
                .mayOnlyBeAccessedByLayers("main")
                .whereLayer("table1")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("run")
                .mayOnlyBeAccessedByLayers("cli", "table1")
                .whereLayer("checkpoint")
                .mayOnlyBeAccessedByLayers("cli", "run")
                .whereLayer("data")
                .mayOnlyBeAccessedByLayers("cli", "run")
                .whereLayer("network")
                .mayOnlyBeAccessedByLayers("cli", "run", "table1")
                .whereLayer("layers")
                .mayOnlyBeAccessedByLayers("cli", "run", "network")
                .check(CLASSES);
    }

    @Test
    void onlyRunsKnowTheListener() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".run..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.gradwatch.listener..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLineKnowsPicocli() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(CLASSES);
    }
}
