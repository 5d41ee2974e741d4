package io.gradwatch.telemetry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which way the dependencies of rules and live may point. */
class ArchitectureOfRulesAndLiveTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gradwatch.telemetry");

    @Test
    void rulesAreAPureFunction() {
        noClasses()
                .that()
                .resideInAPackage("..rules..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.vertx..",
                        "org.apache.kafka..",
                        "org.slf4j..",
                        "java.time..",
                        "java.util.concurrent..",
                        "io.gradwatch.telemetry.live..")
                .check(CLASSES);
    }

    @Test
    void cardsAreAPureFunction() {
        noClasses()
                .that()
                .resideInAPackage("..evidence..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.vertx..",
                        "org.apache.kafka..",
                        "org.slf4j..",
                        "java.io..",
                        "java.nio..",
                        "java.time..",
                        "java.util.concurrent..",
                        "io.gradwatch.telemetry.history..",
                        "io.gradwatch.telemetry.rules..")
                .check(CLASSES);
    }

    @Test
    void onlyTheReaderOfRuleFilesKnowsYaml() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.gradwatch.telemetry.rules.user.YamlReader")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.snakeyaml..")
                .check(CLASSES);
    }

    @Test
    void liveKnowsNeitherKafkaNorTheStore() {
        noClasses()
                .that()
                .resideInAPackage("..live..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka..", "java.sql..", "org.duckdb..", "io.gradwatch.telemetry.rules..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.gradwatch.telemetry.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }
}
