package io.gradwatch.telemetry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.gradwatch.telemetry");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.gradwatch.telemetry.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void coreKnowsNeitherVertxNorKafka() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "..telemetry.history..", "..telemetry.rules..", "..telemetry.runs..", "..telemetry.stream..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void onlyTheEdgesKnowKafka() {
        noClasses()
                .that()
                .resideInAnyPackage("..telemetry.http..", "..telemetry.live..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void onlyHistoryKnowsTheDatabase() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..telemetry.history..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.duckdb..", "java.sql..")
                .check(CLASSES);
    }

    @Test
    void theClockOfReplaysIsPure() {
        noClasses()
                .that()
                .resideInAPackage("..telemetry.replay..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.vertx..",
                        "org.apache.kafka..",
                        "org.slf4j..",
                        "java.time..",
                        "java.util.concurrent..",
                        "..telemetry.live..",
                        "..telemetry.history..")
                .check(CLASSES);
    }

    @Test
    void whatSendsRecordsAgainIsAProgramOfItsOwn() {
        noClasses()
                .that()
                .resideInAPackage("..telemetry.republish..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "..telemetry.live..", "..telemetry.history..", "..telemetry.ingest..")
                .check(CLASSES);
    }

    @Test
    void onlyTheServiceCreatesAVertx() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(TelemetryService.class.getName())
                .should()
                .callMethod(Vertx.class, "vertx")
                .orShould()
                .callMethod(Vertx.class, "vertx", VertxOptions.class)
                .orShould()
                .callMethod(Vertx.class, "builder")
                .check(CLASSES);
    }

    @Test
    void nothingDependsOnTheProcess() {
        noClasses()
                .that()
                .resideInAPackage("io.gradwatch.telemetry.(*)..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.gradwatch.telemetry")
                .check(CLASSES);
    }
}
