package io.gradwatch.telemetry.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.query.QueryParser;
import io.gradwatch.telemetry.query.RunOrder;
import io.gradwatch.telemetry.runs.RunSummary;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that owns one of two partitions at a time: run "a" is in partition 0, "b" in partition 1. */
class SharedLogTest {
    private static final RunStarted STARTED = HistoryFixture.started("vgg38", 5, 3);
    private static final Share A = new Share(Optional.of(Set.of(0)), "a"::equals);
    private static final Share B = new Share(Optional.of(Set.of(1)), "b"::equals);

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

    private void announce(String run, int partition) {
        log.append(
                Topic.RUNS,
                partition,
                LogFixture.envelope(run, 1).setRunStarted(STARTED).build());
    }

    private void iterations(String run, int partition, int from, int to) {
        for (int i = from; i < to; i++) {
            log.append(
                    Topic.ITERATIONS,
                    partition,
                    LogFixture.envelope(run, 1)
                            .setIteration(Iteration.newBuilder().setIteration(i).setLoss(1))
                            .build());
        }
    }

    private IngestSession read(Share share) {
        IngestSession session = log.begin(log.consumer(), history.writer(), share);
        for (int i = 0; i < 30; i++) {
            session.step(Duration.ZERO);
            log.pass(Duration.ofMillis(1));
        }
        session.commit();
        return session;
    }

    private List<String> listed() throws Exception {
        return history
                .runs()
                .list(new RunQueries.Filter(
                        QueryParser.parse("", Instant.EPOCH), RunOrder.NEWEST, Optional.empty(), 10))
                .items()
                .stream()
                .map(RunSummary::id)
                .toList();
    }

    private List<Long> kept(String run) {
        return history.records().range(run, 0, Long.MAX_VALUE, 1_000).stream()
                .map(record -> record.iteration().getIteration())
                .toList();
    }

    private static List<Long> upTo(long end) {
        return java.util.stream.LongStream.range(0, end).boxed().toList();
    }

    @Test
    void onlyTheRunsOfItsPartitionsAreReadAndFound() throws Exception {
        announce("a", 0);
        announce("b", 1);
        iterations("a", 0, 0, 20);
        iterations("b", 1, 0, 20);
        IngestSession session = read(A);
        assertThat(session.partitionsCaughtUp()).containsExactly(0);
        assertThat(listed()).containsExactly("a");
        assertThat(history.runs().find("b")).isEmpty();
    }

    @Test
    void aRunThatHasLeftIsFoundNoMoreAndIsCompleteWhenItComesBack() throws Exception {
        announce("a", 0);
        announce("b", 1);
        iterations("a", 0, 0, 20);
        iterations("b", 1, 0, 5);
        read(A);
        read(B);
        assertThat(listed()).containsExactly("b");
        assertThat(history.runs().find("a")).isEmpty();
        assertThat(history.runs().extent("a")).isEmpty();

        iterations("a", 0, 20, 45); // judged by another service meanwhile
        read(A);
        assertThat(listed()).containsExactly("a");
        assertThat(kept("a")).isEqualTo(upTo(45));
        read(Share.ALL);
        assertThat(listed()).containsExactlyInAnyOrder("a", "b");
        assertThat(kept("b")).isEqualTo(upTo(5));
    }

    @Test
    void whatHasLeftStaysAwayOverARestart() throws Exception {
        announce("a", 0);
        announce("b", 1);
        iterations("a", 0, 0, 20);
        iterations("b", 1, 0, 20);
        read(A);
        read(B);
        history.close();
        history = History.open(directory, Clock.systemUTC());
        assertThat(listed()).containsExactly("b");
        announce("c", 1);
        read(new Share(Optional.of(Set.of(1)), run -> !run.equals("a")));
        read(Share.ALL);
        assertThat(listed()).as("no number was given twice").containsExactlyInAnyOrder("a", "b", "c");
        assertThat(kept("a")).isEqualTo(upTo(20));
        assertThat(kept("c")).isEmpty();
    }
}
