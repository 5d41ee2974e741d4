package io.gradwatch.telemetry.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.AlertAcknowledgement;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.runs.Attention;
import io.gradwatch.telemetry.runs.RunSummary;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people say about runs, from the log into history. */
class AnnotationsTest {
    private static final RunStarted STARTED = RunStarted.newBuilder()
            .setName("the trainer's name")
            .addTags("nightly")
            .build();

    @TempDir
    Path directory;

    private final LogFixture log = new LogFixture();

    @SuppressWarnings("NullAway.Init")
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
    void standInPlaceOfWhatTheTrainerSaid() {
        log.start("a", 1, STARTED);
        log.append(Topic.ANNOTATIONS, 0, annotation("a", "mine", "two\nlines", "cured"));
        read();

        RunSummary run = find("a");
        assertThat(run.name()).isEqualTo("mine");
        assertThat(run.tags()).containsExactly("cured");
        assertThat(run.notes()).isEqualTo("two\nlines");
        assertThat(run.labels()).containsExactly("healthy");
        assertThat(log.changes.get(log.changes.size() - 1).runs().get(0).name()).isEqualTo("mine");
    }

    @Test
    void mayComeBeforeTheirRun() {
        log.append(Topic.ANNOTATIONS, 0, annotation("a", "mine", "", "cured"));
        read();
        assertThat(history.runs().find("a")).isEmpty();

        log.start("a", 1, STARTED);
        read();
        assertThat(find("a").name()).isEqualTo("mine");
        assertThat(log.changes.get(log.changes.size() - 1).runs().get(0).name()).isEqualTo("mine");
    }

    @Test
    void theNewestReplacesAllThatWasSaidBeforeAndATombstoneTakesItBack() {
        log.start("a", 1, STARTED);
        log.append(Topic.ANNOTATIONS, 0, annotation("a", "mine", "notes", "cured"));
        log.append(Topic.ANNOTATIONS, 0, annotation("a", "", "other"));
        read();
        assertThat(find("a").name()).isEqualTo("the trainer's name");
        assertThat(find("a").tags()).isEmpty();
        assertThat(find("a").notes()).isEqualTo("other");

        tombstone("a");
        read();
        assertThat(find("a").annotation()).isNull();
        assertThat(find("a").tags()).containsExactly("nightly");
        assertThat(history.service().quarantine(Optional.empty(), 10).items()).isEmpty();
    }

    @Test
    void outliveARestartAndANewAttempt() throws Exception {
        log.start("a", 1, STARTED);
        log.append(Topic.ANNOTATIONS, 0, annotation("a", "mine", "notes", "cured"));
        read();
        history.close();
        history = History.open(directory, Clock.systemUTC());
        log.start("a", 2, STARTED);
        read();

        assertThat(find("a").description().attempt()).isEqualTo(2);
        assertThat(find("a").name()).isEqualTo("mine");
        assertThat(log.changes.get(log.changes.size() - 1).runs().get(0).notes())
                .isEqualTo("notes");
    }

    @Test
    void tellViewersOfTheAlertsThatTheySpeakOf() {
        log.start("a", 1, STARTED);
        RunAnnotation seen = Attention.of(null)
                .acknowledge(AlertAcknowledgement.newBuilder()
                        .setAlertId("a/explode/3/1")
                        .setBy("ada")
                        .build());
        log.append(
                Topic.ANNOTATIONS,
                0,
                LogFixture.envelope("a", 1).setRunAnnotation(seen).build());
        read();
        assertThat(log.changes.get(log.changes.size() - 1).alertIds()).containsExactly("a/explode/3/1");
        assertThat(find("a").annotation()).as("and all of it is kept").isEqualTo(seen);

        tombstone("a");
        read();
        assertThat(log.changes.get(log.changes.size() - 1).alertIds())
                .as("it was taken back")
                .containsExactly("a/explode/3/1");
    }

    @Test
    void otherRecordsAreNotAcceptedOnTheirTopic() {
        log.append(
                Topic.ANNOTATIONS,
                0,
                LogFixture.envelope("a", 1).setRunStarted(STARTED).build());
        read();

        assertThat(history.service()
                        .quarantine(Optional.empty(), 10)
                        .items()
                        .get(0)
                        .reason())
                .contains("run_started")
                .contains("accepted there is run_annotation");
    }

    private void read() {
        var consumer = log.consumer();
        log.readAll(consumer, log.begin(consumer, history.writer()));
    }

    private RunSummary find(String id) {
        return history.runs().find(id).orElseThrow();
    }

    private void tombstone(String runId) {
        log.append(Topic.ANNOTATIONS, 0, WireFormat.key(runId), null);
    }

    private static Envelope annotation(String runId, String name, String notes, String... tags) {
        RunAnnotation annotation = RunAnnotation.newBuilder()
                .setName(name)
                .setNotes(notes)
                .addAllTags(List.of(tags))
                .addLabels("healthy")
                .build();
        return LogFixture.envelope(runId, 1).setRunAnnotation(annotation).build();
    }
}
