package io.gradwatch.experiments.layers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class LayersArchitectureTest {
    private static final String ROOT = "io.gradwatch.experiments";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT + ".layers", ROOT + ".network");

    @Test
    void layersKnowNothingOfNetworks() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".layers..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".network..", ROOT + ".data..", ROOT + ".run..", ROOT + ".cli..")
                .check(CLASSES);
    }

    @Test
    void networksKnowNothingOfRunsOrTelemetry() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".network..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".data..",
                        ROOT + ".run..",
                        ROOT + ".cli..",
                        "io.gradwatch.contract..",
                        "org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void descriptionsOfNetworksStartNoNativeCode() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".network..")
                .and()
                .haveSimpleNameNotContaining("Networks")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.nd4j.linalg.factory.Nd4j")
                .check(CLASSES);
    }
}
