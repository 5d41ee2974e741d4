package io.gradwatch.telemetry.republish;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent, where, and in which order; the sending itself is tried with a broker. */
class RepublisherTest {
    private static Plan plan(@Nullable String topic, @Nullable String as) {
        return new Plan("run", topic, as, null, OptionalLong.of(10), OptionalLong.of(20));
    }

    private static Envelope.Builder at(long ms) {
        return Envelope.newBuilder()
                .setSchemaVersion(1)
                .setRunId("run")
                .setAttempt(1)
                .setProducedAtMs(ms);
    }

    private static Stored iteration(long iteration, long ms) {
        return Stored.of(
                Topic.ITERATIONS,
                at(ms).setIteration(Iteration.newBuilder().setIteration(iteration))
                        .build());
    }

    private static Stored epoch(long iteration, long ms) {
        return Stored.of(
                Topic.EPOCHS,
                at(ms).setEpoch(Epoch.newBuilder().setIteration(iteration)).build());
    }

    private static final Stored START =
            Stored.of(Topic.RUNS, at(0).setRunStarted(RunStarted.newBuilder()).build());
    private static final Stored END =
            Stored.of(Topic.RUNS, at(90).setRunEnded(RunEnded.newBuilder()).build());

    @ParameterizedTest
    @ValueSource(strings = {"gradwatch.iterations", "gradwatch.runs", "gradwatch.commands"})
    void gradwatchsOwnTopicsNeedANewRunId(String topic) {
        assertThat(Republisher.problemOf(plan(topic, null)).orElseThrow()).contains("--as");
        assertThat(Republisher.problemOf(plan(null, null)).orElseThrow()).contains("--as");
        assertThat(Republisher.problemOf(plan(topic, "run")).orElseThrow()).contains("not there yet");
        assertThat(Republisher.problemOf(plan(topic, "copy"))).isEmpty();
        assertThat(Republisher.problemOf(plan("elsewhere", null))).isEmpty();
    }

    @Test
    void aRangeLeavesOutTheRestAndTheEnd() {
        Plan plan = plan("elsewhere", null);
        assertThat(plan.includes(START)).isTrue();
        assertThat(plan.includes(iteration(9, 1))).isFalse();
        assertThat(plan.includes(iteration(10, 1))).isTrue();
        assertThat(plan.includes(epoch(19, 1))).isTrue();
        assertThat(plan.includes(epoch(20, 1))).isFalse();
        assertThat(plan.includes(END)).isFalse();
        assertThat(new Plan("run", null, "b", null, OptionalLong.empty(), OptionalLong.empty()).includes(END))
                .isTrue();
    }

    @Test
    void topicsAreMergedByTheTimeOfTheirRecordsAndEachKeepsItsOrder() {
        List<Stored> iterations = List.of(iteration(0, 10), iteration(1, 20), iteration(2, 15), iteration(3, 30));
        List<Stored> epochs = List.of(epoch(1, 20), epoch(3, 30));
        Merged merged = new Merged(List.of(
                List.of(START, END).iterator(),
                iterations.iterator(),
                epochs.iterator(),
                List.<Stored>of().iterator()));
        List<Stored> all = new ArrayList<>();
        merged.forEachRemaining(all::add);
        assertThat(all)
                .containsExactly(
                        START,
                        iterations.get(0),
                        iterations.get(1),
                        iterations.get(2),
                        epochs.get(0),
                        iterations.get(3),
                        epochs.get(1),
                        END);
    }
}
