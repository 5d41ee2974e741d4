package io.gradwatch.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.contract.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that Kafka no longer has wholly, that are deleted, exported and imported, against a real broker. */
class HistoryIT {
    private static final int CUT = 20;
    private static final List<String> TABLES = List.of("iterations", "layers", "epochs");

    @TempDir
    Path home;

    private int partition = -1;

    @Test
    void whatKafkaHasDeletedIsKeptByARebuildAndADeletedRunStaysDeleted() throws Exception {
        Map<String, String> before;
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            partition = SmallRun.publish(Log.bootstrap(home), "cut");
            SmallRun.publish(Log.bootstrap(home), "whole");
            SmallRun.awaitFinished(api, "cut");
            SmallRun.awaitFinished(api, "whole");
            before = tables(api);
            deleteRecords();
        }

        Gradwatch rebuild = Gradwatch.start(home, "history", "rebuild");
        assertThat(rebuild.awaitExit(Duration.ofSeconds(120)))
                .as(rebuild.output())
                .isZero();
        assertThat(rebuild.output())
                .contains("Run cut: Kafka has deleted iterations 0 to " + (CUT - 1) + " of attempt 1")
                .contains("which cannot be rebuilt")
                .contains("equal to the old one row for row");
        try (Stream<Path> files = Files.list(home.resolve("history"))) {
            assertThat(files.map(p -> p.getFileName().toString()))
                    .noneMatch(name -> name.contains("before") || name.equals("rebuild"));
        }

        Path zip = home.resolve("cut.zip");
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(tables(api)).isEqualTo(before));
            command(0, "runs", "archive", "cut");
            assertThat(home.resolve("archive/cut/manifest.json")).exists();
            Files.createDirectories(home.resolve("checkpoints/cut"));
            Files.writeString(home.resolve("checkpoints/cut/epoch.bin"), "weights");
            command(0, "runs", "export", "cut", "--out", zip.toString());

            assertThat(command(2, "runs", "delete", "cut")).contains("accepted is --yes");
            assertThat(command(0, "runs", "delete", "cut", "--yes")).contains("Deleted run cut");
            assertThat(api.get("/api/v1/runs/cut").statusCode()).isEqualTo(404);
            assertThat(home.resolve("archive/cut")).doesNotExist();
            assertThat(home.resolve("checkpoints/cut")).doesNotExist();
        }

        rebuild = Gradwatch.start(home, "history", "rebuild");
        assertThat(rebuild.awaitExit(Duration.ofSeconds(120)))
                .as(rebuild.output())
                .isZero();
        try (Gradwatch up = Gradwatch.start(home, "up", "--port", "0")) {
            Api api = new Api(up.awaitUrl(Duration.ofSeconds(60)));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> api.get("/readyz").statusCode() == 200);
            assertThat(api.get("/api/v1/runs/cut").statusCode())
                    .as("the rebuild did not bring it back")
                    .isEqualTo(404);
            assertThat(command(0, "runs", "import", zip.toString())).contains("Imported run cut");
            assertThat(tables(api)).isEqualTo(before);
            assertThat(command(2, "runs", "import", zip.toString())).contains("exists already");
        }

        rebuild = Gradwatch.start(home, "history", "rebuild");
        assertThat(rebuild.awaitExit(Duration.ofSeconds(120)))
                .as(rebuild.output())
                .isZero();
        assertThat(rebuild.output())
                .contains("Run cut: was imported from cut.zip")
                .contains("equal to the old one row for row")
                .doesNotContain("the log has nothing of it");
    }

    private String command(int code, String... arguments) throws Exception {
        try (Gradwatch command = Gradwatch.start(home, arguments)) {
            int exit = command.awaitExit(Duration.ofSeconds(60));
            assertThat(exit).as(command.output()).isEqualTo(code);
            return command.output();
        }
    }

    private static Map<String, String> tables(Api api) throws Exception {
        Map<String, String> tables = new HashMap<>();
        for (String run : List.of("cut", "whole")) {
            for (String table : TABLES) {
                tables.put(
                        run + " " + table,
                        api.get("/api/v1/runs/" + run + "/export?table=" + table)
                                .body());
            }
        }
        return tables;
    }

    /** What retention does to the oldest segments. */
    private void deleteRecords() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", Log.bootstrap(home)))) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(Topic.ITERATIONS.topicName(), partition),
                            RecordsToDelete.beforeOffset(CUT)))
                    .all()
                    .get();
        }
    }
}
