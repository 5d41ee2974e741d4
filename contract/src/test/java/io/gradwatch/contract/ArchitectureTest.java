package io.gradwatch.contract;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void dependsOnNothingButItsCodec() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.gradwatch.contract..", "com.google.protobuf..", "org.jspecify..", "java..")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.gradwatch.contract"));
    }
}
