package io.gradwatch.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that Kafka no longer has wholly, that are deleted, exported and imported, against a real broker. */
class HistoryIT {
    private static final int ITERATIONS = 60;
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
            publish("cut");
            publish("whole");
            awaitFinished(api, "cut");
            awaitFinished(api, "whole");
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

    private static void awaitFinished(Api api, String runId) {
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> api.json("/api/v1/runs/" + runId)
                                .get("state")
                                .asText()
                                .equals("finished")
                        && api.json("/api/v1/runs/" + runId).get("iteration").asInt() == ITERATIONS - 1
                        && api.json("/api/v1/runs/" + runId + "/epochs")
                                        .get("items")
                                        .size()
                                == 1);
    }

    private void publish(String runId) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", Log.bootstrap(home), "acks", "all");
        RunStarted.Builder started = RunStarted.newBuilder().setName(runId).setStartedAtMs(1_795_449_912_345L);
        started.addLayersBuilder().setIndex(0).setName("one").setMainPath(true);
        started.addLayersBuilder().setIndex(1).setName("two").setMainPath(true);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            send(producer, Topic.RUNS, envelope(runId).setRunStarted(started));
            for (int i = 0; i < ITERATIONS; i++) {
                RecordMetadata sent = send(
                        producer,
                        Topic.ITERATIONS,
                        envelope(runId)
                                .setIteration(Iteration.newBuilder()
                                        .setIteration(i)
                                        .setLoss(i == 7 ? Float.NaN : 4.6f / (i + 1))
                                        .setLayers(LayerStatistics.newBuilder()
                                                .addMeanAbs(1e-12f * i)
                                                .addMeanAbs(0.1f)
                                                .addL2(i)
                                                .addL2(Float.POSITIVE_INFINITY))));
                if (runId.equals("cut")) {
                    partition = sent.partition();
                }
            }
            send(
                    producer,
                    Topic.EPOCHS,
                    envelope(runId)
                            .setEpoch(Epoch.newBuilder()
                                    .setIteration(ITERATIONS - 1)
                                    .setTrainLoss(1.5f)));
            send(
                    producer,
                    Topic.RUNS,
                    envelope(runId)
                            .setRunEnded(RunEnded.newBuilder()
                                    .setStarted(started)
                                    .setOutcome(RunEnded.Outcome.FINISHED)
                                    .setEndedAtMs(1_795_449_999_000L)));
        }
    }

    private static RecordMetadata send(KafkaProducer<byte[], byte[]> producer, Topic topic, Envelope.Builder envelope)
            throws Exception {
        Envelope record = envelope.build();
        return producer.send(new ProducerRecord<>(
                        topic.topicName(), WireFormat.key(record.getRunId()), WireFormat.encode(record)))
                .get();
    }

    private static Envelope.Builder envelope(String runId) {
        return Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(runId)
                .setAttempt(1)
                .setProducedAtMs(1_795_449_913_000L);
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
