package io.gradwatch.telemetry.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.archive.Archive;
import io.gradwatch.telemetry.history.Counters;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.history.PartitionOffset;
import io.gradwatch.telemetry.history.StoredRun;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLifecycleTest {
    private static final String ITERATIONS = "gradwatch.iterations";

    @TempDir
    Path data;

    private History history;
    private Archive archive;
    private final FakeLog log = new FakeLog();
    private final List<StoredRun> adopted = new ArrayList<>();
    private RunLifecycle lifecycle;

    /** Plays ingest, too: what is marked as deleted leaves history. */
    private final class FakeLog implements RunLog {
        private boolean away;
        private final List<String> marks = new ArrayList<>();

        @Override
        public void annotate(String runId, int attempt, RunAnnotation annotation) {
            if (away) {
                throw new IllegalStateException("no broker");
            }
            marks.add(runId + (annotation.getDeleted() ? " deleted" : " said"));
            history.writer().annotation(runId, annotation);
            if (annotation.getDeleted()) {
                adopted.forEach(run -> history.writer().deleteRun(run.runKey()));
            }
            history.writer().commit(List.of(), Counters.NONE);
        }

        @Override
        public void forget(String runId) {
            marks.add(runId + " forgotten");
        }

        @Override
        public Trimmed trim(Droppable droppable) {
            return new Trimmed(0, 0);
        }
    }

    @BeforeEach
    void open() throws Exception {
        history = History.open(data.resolve("history"), Clock.systemUTC());
        archive = new Archive(data.resolve("archive"), Clock.systemUTC());
        lifecycle =
                new RunLifecycle(history, archive, data.resolve("checkpoints"), log, adopted::add, Clock.systemUTC());
        Path events = data.resolve("events");
        try (InputStream in = RunLifecycleTest.class.getResourceAsStream("/tensorboard/tensors.events")) {
            Files.write(events, in.readAllBytes());
        }
        lifecycle.take(events, "events", Optional.of("ended"), false);
    }

    @AfterEach
    void close() {
        history.close();
    }

    @Test
    void deletesTheMarkFirstAndThenEverything() throws Exception {
        Files.createDirectories(data.resolve("checkpoints/ended"));
        Files.writeString(data.resolve("checkpoints/ended/1.bin"), "12345");

        RunLifecycle.Deletion deletion = lifecycle.delete("ended");

        assertThat(log.marks).containsExactly("ended deleted", "ended forgotten");
        assertThat(history.runs().find("ended")).isEmpty();
        assertThat(archive.runs()).isEmpty();
        assertThat(data.resolve("checkpoints/ended")).doesNotExist();
        assertThat(deletion.bytesBefore().checkpoints()).isEqualTo(5);
        assertThat(deletion.bytesBefore().archive()).isPositive();
    }

    @Test
    void deletesNothingWhenKafkaDoesNotTakeTheMark() {
        log.away = true;

        assertThatThrownBy(() -> lifecycle.delete("ended"))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("was not deleted: Kafka does not take the mark");
        assertThat(history.runs().find("ended")).isPresent();
        assertThat(archive.runs()).containsExactly("ended");
    }

    @Test
    void aRunThatRunsIsNotDeleted() {
        HistoryFixture fixture = new HistoryFixture(history);
        fixture.start("busy", 1, HistoryFixture.started("busy", 1, 0));
        fixture.commit();

        assertThatThrownBy(() -> lifecycle.delete("busy")).hasMessageContaining("run busy is running");
        assertThatThrownBy(() -> lifecycle.store("busy")).hasMessageContaining("run busy is running");
        assertThat(log.marks).isEmpty();
    }

    @Test
    void archivesRunsWhenTheyHaveEndedForLongEnough() throws Exception {
        archive.delete("ended");
        policy(Optional.empty()).pass();
        assertThat(archive.runs()).as("never").isEmpty();
        policy(Optional.of(Duration.ofDays(100_000))).pass();
        assertThat(archive.runs()).as("not yet").isEmpty();
        policy(Optional.of(Duration.ofDays(1))).pass();
        assertThat(archive.runs()).containsExactly("ended");
    }

    @Test
    void onlyWhatHistoryHasReadAndNobodyNeedsMayBeDroppedFromKafka() {
        HistoryFixture fixture = new HistoryFixture(history);
        fixture.start("busy", 1, HistoryFixture.started("busy", 1, 0));
        history.writer()
                .annotation("gone", RunAnnotation.newBuilder().setDeleted(true).build());
        history.writer().commit(List.of(new PartitionOffset(ITERATIONS, 0, 100)), Counters.NONE);
        Needs needs = Needs.of(history, archive, id -> false);

        assertThat(needs.test("gone", ITERATIONS, 0, 99)).isTrue();
        assertThat(needs.test("gone", ITERATIONS, 0, 100)).as("not read yet").isFalse();
        assertThat(needs.test("", ITERATIONS, 0, 99))
                .as("malformed, in quarantine")
                .isTrue();
        assertThat(needs.test("busy", ITERATIONS, 0, 99)).isFalse();
        assertThat(needs.test("ended", ITERATIONS, 0, 99)).isFalse();
        assertThat(needs.test("unknown", ITERATIONS, 0, 99)).isFalse();
        assertThat(needs.test("gone", "gradwatch.alerts", 0, 5)).isTrue();
    }

    @Test
    void thePolicyIsReadFromItsFileAndOptionsWin() throws Exception {
        Path file = data.resolve(Policy.FILE);
        assertThat(Policy.of(data, null, false)).isEqualTo(Policy.DEFAULT);
        Files.writeString(file, "archive-after=12h\ntrim-archived=true\n");
        assertThat(Policy.of(data, null, false)).isEqualTo(new Policy(Optional.of(Duration.ofHours(12)), true));
        assertThat(Policy.of(data, "never", false)).isEqualTo(new Policy(Optional.empty(), true));
        assertThatThrownBy(() -> Policy.of(data, "soon", false))
                .hasMessage("--archive-after is \"soon\"; accepted is a number with d, h, m or s behind it, such as 7d,"
                        + " or never");
        Files.writeString(file, "archive=12h\n");
        assertThatThrownBy(() -> Policy.of(data, null, false))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("[archive] is not known; accepted are archive-after and trim-archived");
    }

    private PolicyLoop policy(Optional<Duration> after) {
        return new PolicyLoop(history, lifecycle, new Policy(after, false), Clock.systemUTC());
    }
}
