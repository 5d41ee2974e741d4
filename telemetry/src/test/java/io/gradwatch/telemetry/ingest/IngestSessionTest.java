package io.gradwatch.telemetry.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.history.Counters;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.history.QuarantinedRecord;
import io.gradwatch.telemetry.history.RandomRecords;
import io.gradwatch.telemetry.ingest.LogFixture.LogConsumer;
import io.gradwatch.telemetry.runs.RunPhase;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestSessionTest {
    private static final RunStarted STARTED = HistoryFixture.started("vgg38", 5, 3);

    @TempDir
    Path directory;

    private final LogFixture log = new LogFixture();
    private History history;

    @BeforeEach
    void open() throws Exception {
        history = History.open(directory, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        history.close();
    }

    @Test
    void countsWhatKafkaDeletedBeforeItWasReadAndGoesOn() {
        log.start("a", 1, STARTED);
        List<IterationRecord> sent = iterations("a", 1, 0, 10, 1);
        readAll();
        List<IterationRecord> later = iterations("a", 1, 10, 40, 1);
        log.deleteBefore(Topic.ITERATIONS, 1, 25);
        readAll();
        readAll();

        List<IterationRecord> kept = new ArrayList<>(sent);
        kept.addAll(later.subList(15, later.size()));
        assertThat(history.records().range("a", 0, Long.MAX_VALUE, 100)).isEqualTo(kept);
        assertThat(history.service().losses()).singleElement().satisfies(loss -> {
            assertThat(loss.topic()).isEqualTo("gradwatch.iterations");
            assertThat(loss.firstOffset()).isEqualTo(10);
            assertThat(loss.records()).isEqualTo(15);
        });
    }

    @Test
    void tellsWhatWaitsInTheLogWhileNothingIsRead() {
        log.start("a", 1, STARTED);
        iterations("a", 1, 0, 10, 1);
        LogFixture.LogConsumer reader = log.consumer();
        IngestSession session = log.begin(reader, history.writer());
        log.readAll(reader, session);
        assertThat(session.unread()).isZero();
        iterations("a", 1, 10, 17, 1);
        assertThat(session.unread()).isEqualTo(17);
        log.readAll(reader, session);
        assertThat(session.unread()).isZero();
    }

    /** Ids of the runs that live viewers were told to be deleted. */
    private List<String> deletions() {
        return log.changes.stream()
                .flatMap(changes -> changes.deleted().stream())
                .toList();
    }

    @Test
    void tellsOfADeletionWhenHistoryHasItAndOfThatOfAnUnknownRunNothing() {
        List<Boolean> shown = new ArrayList<>();
        log.start("a", 1, STARTED);
        readAll();
        log.onCommitted = changes -> changes.deleted()
                .forEach(id -> shown.add(history.runs().find(id).isPresent()));
        deleted("never-heard-of");
        deleted("a");
        readAll();
        deleted("a");
        readAll();

        assertThat(deletions()).containsExactly("a");
        assertThat(shown).containsExactly(false);
    }

    private void deleted(String runId) {
        log.append(
                Topic.ANNOTATIONS,
                0,
                LogFixture.envelope(runId, 1)
                        .setRunAnnotation(io.gradwatch.contract.v1.RunAnnotation.newBuilder()
                                .setDeleted(true))
                        .build());
    }

    @Test
    void aDeletedRunIsGoneWithAllItsRowsAndItsLaterRecordsAreSkipped() throws Exception {
        log.start("a", 1, STARTED);
        log.start("b", 1, STARTED);
        iterations("a", 1, 0, 20, 1);
        List<IterationRecord> others = iterations("b", 1, 0, 20, 1);
        readAll();
        deleted("a");
        iterations("a", 1, 20, 30, 1);
        readAll();

        assertThat(history.runs().find("a")).isEmpty();
        assertThat(deletions()).containsExactly("a");
        assertThat(history.measures().fingerprints().keySet())
                .extracting(part -> part.runId())
                .containsOnly("b");
        assertThat(history.records().range("b", 0, Long.MAX_VALUE, 100)).isEqualTo(others);
        history.close();
        history = History.open(directory, Clock.systemUTC());
        iterations("a", 1, 30, 35, 1);
        readAll();
        assertThat(history.runs().find("a")).isEmpty();

        log.append(
                Topic.ANNOTATIONS,
                0,
                LogFixture.envelope("a", 1)
                        .setRunAnnotation(io.gradwatch.contract.v1.RunAnnotation.getDefaultInstance())
                        .build());
        iterations("a", 1, 35, 40, 1);
        readAll();
        assertThat(history.runs().find("a")).isPresent();
    }

    @Test
    void putsEverythingOfTheLogIntoHistory() {
        log.start("a", 1, STARTED);
        List<IterationRecord> sent = iterations("a", 1, 0, 40, 1);
        log.append(
                Topic.EPOCHS,
                1,
                LogFixture.envelope("a", 1)
                        .setEpoch(Epoch.newBuilder().setIteration(39))
                        .build());
        log.end("a", 1, STARTED);

        readAll();

        assertThat(history.records().range("a", 0, Long.MAX_VALUE, 100)).isEqualTo(sent);
        RunSummary run = run("a");
        assertThat(run.phase()).isEqualTo(RunPhase.FINISHED);
        assertThat(run.iteration()).isEqualTo(39);
        assertThat(run.description().started()).isEqualTo(STARTED);
        assertThat(history.runs().epochs(history.runs().extent("a").orElseThrow()))
                .hasSize(1);
        assertThat(history.service().counters())
                .extracting(Counters::records, Counters::iterations, Counters::malformed)
                .containsExactly(43L, 40L, 0L);
    }

    @Test
    void showsIterationsBeforeTheyAreCommittedAndTellsOfRunsAfterwards() {
        log.start("before", 1, STARTED);
        LogConsumer consumer = log.consumer();
        IngestSession session = log.begin(consumer, history.writer());
        session.step(Duration.ZERO);
        log.changes.clear();
        log.start("a", 1, STARTED);
        iterations("a", 1, 0, 3, 1);

        session.step(Duration.ZERO);

        assertThat(log.shown).hasSize(3);
        assertThat(history.runs().find("a")).isEmpty();
        assertThat(log.changes).isEmpty();
        log.pass(Duration.ofMillis(250));
        session.step(Duration.ZERO);
        assertThat(history.runs().find("a")).isPresent();
        assertThat(log.changes).hasSize(1);
        assertThat(log.changes.get(0).runs()).extracting(RunSummary::id).containsExactly("a");
    }

    @Test
    void resumesExactlyWhereverItWasInterrupted() throws Exception {
        log.start("a", 1, STARTED);
        log.start("b", 1, STARTED);
        List<IterationRecord> a = iterations("a", 1, 0, 150, 1);
        List<IterationRecord> b = iterations("b", 1, 0, 90, 0);
        Random random = new Random(8);
        LogConsumer consumer = log.consumer();
        IngestSession session = log.begin(consumer, history.writer());
        for (int i = 0; i < 60 && !consumer.isAtEnd(); i++) {
            session.step(Duration.ZERO);
            log.pass(Duration.ofMillis(random.nextInt(150)));
            if (random.nextInt(3) == 0) { // the process ends with whatever is open
                if (random.nextBoolean()) {
                    history.writer().rollback();
                } else {
                    history.close();
                    history = History.open(directory, Clock.systemUTC());
                }
                consumer = log.consumer();
                session = log.begin(consumer, history.writer());
            }
        }
        log.readAll(consumer, session);

        assertThat(history.records().range("a", 0, Long.MAX_VALUE, 1_000)).isEqualTo(a);
        assertThat(history.records().range("b", 0, Long.MAX_VALUE, 1_000)).isEqualTo(b);
        assertThat(history.service().counters().records()).isEqualTo(242);
        assertThat(history.service().iterations()).isEqualTo(240);
    }

    @Test
    void readsTheRunsTopicFirstWhenARunIsNotKnownYet() {
        for (int i = 0; i < 30; i++) { // the start of "a" is not in the first batch
            log.start("other" + i, 1, STARTED);
        }
        log.start("a", 1, STARTED);
        List<IterationRecord> sent = iterations("a", 1, 0, 10, 1);

        readAll();

        assertThat(log.pauses)
                .containsExactly("[gradwatch.annotations, gradwatch.commands, gradwatch.epochs, gradwatch.histograms,"
                        + " gradwatch.iterations]");
        assertThat(run("a").announced()).isTrue();
        assertThat(run("a").description().started()).isEqualTo(STARTED);
        assertThat(log.shown).isEqualTo(sent);
    }

    @Test
    void keepsARunThatWasNeverAnnounced() {
        List<IterationRecord> sent = iterations("ghost", 1, 0, 10, 1);

        readAll();

        assertThat(run("ghost").announced()).isFalse();
        assertThat(run("ghost").startedAtMs()).isEqualTo(7);
        assertThat(history.records().range("ghost", 0, Long.MAX_VALUE, 100)).isEqualTo(sent);
        assertThat(history.runs().extent("ghost").orElseThrow().layers()).isEqualTo(5);

        log.start("ghost", 1, STARTED);
        readAll();
        assertThat(run("ghost").announced()).isTrue();
        assertThat(run("ghost").iteration()).isEqualTo(9);
    }

    @Test
    void keepsMalformedRecordsAsideAndGoesOn() {
        log.start("a", 1, STARTED);
        iterations("a", 1, 0, 2, 1);
        byte[] large = new byte[QuarantinedRecord.KEPT_BYTES + 10];
        java.util.Arrays.fill(large, (byte) 0xff);
        long offset = log.append(Topic.ITERATIONS, 1, "key".getBytes(StandardCharsets.UTF_8), large);
        log.append(
                Topic.ITERATIONS,
                1,
                LogFixture.envelope("a", 1).setEpoch(Epoch.newBuilder()).build());
        iterations("a", 1, 2, 2, 1);

        readAll();

        List<QuarantinedRecord> kept =
                history.service().quarantine(Optional.empty(), 10).items();
        assertThat(kept).extracting(QuarantinedRecord::offset).containsExactly(offset + 1, offset);
        assertThat(kept.get(0).reason()).contains("type epoch").contains("accepted there is iteration");
        assertThat(kept.get(1).reason()).contains("not a Protobuf Envelope");
        assertThat(kept.get(1).key()).isEqualTo("key");
        assertThat(kept.get(1).size()).isEqualTo(large.length);
        assertThat(run("a").iteration()).isEqualTo(3);
        assertThat(history.service().counters().malformed()).isEqualTo(2);
    }

    @Test
    void keepsAnIterationAsideThatDoesNotFitTheLayersOfItsRun() {
        log.start("a", 1, STARTED);
        iterations("a", 1, 0, 2, 1);
        log.append(
                Topic.ITERATIONS,
                1,
                LogFixture.envelope("a", 1)
                        .setIteration(Iteration.newBuilder()
                                .setIteration(2)
                                .setLayers(LayerStatistics.newBuilder().addMeanAbs(1)))
                        .build());
        iterations("a", 1, 3, 1, 1);

        readAll();

        assertThat(history.service().quarantine(Optional.empty(), 10).items())
                .extracting(QuarantinedRecord::reason)
                .containsExactly("iteration.layers: arrays of 1 elements; the run has 5, accepted are arrays of that"
                        + " length, or empty ones");
        assertThat(run("a").iteration()).isEqualTo(3);
    }

    @Test
    void countsRecordsOfTypesToComeAndGoesOn() {
        log.start("a", 1, STARTED);
        Envelope fromTheFuture = LogFixture.envelope("a", 1)
                .setSchemaVersion(9)
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFromUtf8("x"))
                                        .build())
                        .build())
                .build();
        log.append(Topic.ITERATIONS, 1, fromTheFuture);
        iterations("a", 1, 0, 2, 1);

        readAll();

        assertThat(history.service().counters().unknown()).isEqualTo(1);
        assertThat(history.service().quarantine(Optional.empty(), 10).items()).isEmpty();
        assertThat(run("a").iteration()).isEqualTo(1);
    }

    @Test
    void tellsSilentRunsAndThatTheyAreBack() {
        log.start("a", 1, STARTED);
        plainIteration("a", 0);
        LogConsumer consumer = log.consumer();
        IngestSession session = log.begin(consumer, history.writer());
        log.readAll(consumer, session);

        log.pass(Duration.ofSeconds(29));
        session.step(Duration.ZERO);
        assertThat(run("a").phase()).isEqualTo(RunPhase.RUNNING);
        log.pass(Duration.ofSeconds(2));
        session.step(Duration.ZERO);
        assertThat(run("a").phase()).isEqualTo(RunPhase.SILENT);

        plainIteration("a", 1);
        log.pass(Duration.ofSeconds(1));
        session.step(Duration.ZERO);
        assertThat(run("a").phase()).isEqualTo(RunPhase.RUNNING);
    }

    @Test
    void givesAlertsToTheOutboxWhenTheyAreInHistoryAndAgainAfterARestartUntilAcknowledged() throws Exception {
        log.start("a", 1, STARTED);
        for (int i = 0; i < 80; i++) {
            LayerStatistics.Builder layers = LayerStatistics.newBuilder();
            for (int l = 0; l < 5; l++) {
                layers.addMeanAbs(l < 4 ? 1e-12f : 1e-2f);
            }
            Iteration iteration =
                    Iteration.newBuilder().setIteration(i).setLayers(layers).build();
            log.append(
                    Topic.ITERATIONS,
                    1,
                    LogFixture.envelope("a", 1).setIteration(iteration).build());
        }
        readAll();
        assertThat(log.outbox).isNotEmpty();
        var sent = List.copyOf(log.outbox);
        assertThat(run("a").firingAlerts()).isPositive();
        assertThat(history.alerts()
                        .list(Optional.of("a"), Optional.empty(), Optional.empty(), Optional.empty(), 10)
                        .items())
                .isNotEmpty()
                .allSatisfy(alert -> assertThat(alert.fired()).isPresent());

        history.close();
        history = History.open(directory, Clock.systemUTC());
        log.outbox.clear();
        LogConsumer consumer = log.consumer();
        IngestSession session = log.begin(consumer, history.writer());
        assertThat(log.outbox).containsExactlyInAnyOrderElementsOf(sent);

        sent.forEach(t -> log.acknowledged.add(t.key()));
        session.commit();
        log.outbox.clear();
        log.begin(log.consumer(), history.writer());
        assertThat(log.outbox).isEmpty();
    }

    @Test
    void refusesTheLogOfAnotherCluster() {
        log.begin(log.consumer(), history.writer());
        assertThatThrownBy(() -> log.begin(log.consumer(), history.writer(), "cluster-2"))
                .isInstanceOf(WrongClusterException.class)
                .hasMessageContaining("cluster-1")
                .hasMessageContaining("cluster-2")
                .hasMessageContaining("--data-dir");
    }

    private void plainIteration(String runId, long number) {
        Iteration iteration =
                Iteration.newBuilder().setIteration(number).setIterationMs(50).build();
        log.append(
                Topic.ITERATIONS,
                1,
                LogFixture.envelope(runId, 1).setIteration(iteration).build());
    }

    private void readAll() {
        LogConsumer consumer = log.consumer();
        log.readAll(consumer, log.begin(consumer, history.writer()));
    }

    private RunSummary run(String id) {
        return history.runs().find(id).orElseThrow();
    }

    private List<IterationRecord> iterations(String runId, int attempt, int from, int n, int partition) {
        RandomRecords random = new RandomRecords(from + 17L * partition);
        List<IterationRecord> sent = new ArrayList<>();
        for (int i = from; i < from + n; i++) {
            Iteration iteration = random.record(runId, attempt, i, 0, 5, 3).iteration();
            long offset = log.append(
                    Topic.ITERATIONS,
                    partition,
                    LogFixture.envelope(runId, attempt).setIteration(iteration).build());
            sent.add(new IterationRecord(runId, attempt, partition, offset, 7, iteration));
        }
        return sent;
    }
}
