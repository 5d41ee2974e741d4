package io.gradwatch.telemetry.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.backtest.Backtest;
import io.gradwatch.telemetry.backtest.RecordedRun;
import io.gradwatch.telemetry.backtest.RuleVerdict;
import io.gradwatch.telemetry.history.RandomRecords;
import io.gradwatch.telemetry.rules.peers.PeerRules;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random runs with gradients that vanish, explode and collapse, with NaN, infinities, missing layers, gaps, records that come
 * twice or late, resumes and epochs out of order: whatever comes, no rule throws, and the same records in the same order give
 * the same transitions however they are fed.
 */
class EnginePropertiesTest {
    private static final int LAYERS = 6;
    private static final int BATCH_NORMS = 2;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void givesTheSameTransitionsLiveAndAfterARestartAtAnyPointAndInABackTest(long seed) {
        for (RuleEngine engine : List.of(RuleEngine.standard(), PeerRules.engine())) {
            List<Object> events = run(seed, 1_500);
            List<Alert> live = feed(engine, events, () -> false);
            Random random = new Random(seed);

            assertThat(live).isNotEmpty();
            assertThat(feed(engine, events, () -> random.nextInt(40) == 0)).isEqualTo(live);
            assertThat(feed(engine, events.subList(0, 700), () -> true))
                    .isEqualTo(feed(engine, events.subList(0, 700), () -> false));
            assertThat(new Backtest()
                            .judge(new Recorded(seed, events), engine).rules().stream()
                                    .flatMap(rule -> rule.transitions().stream())
                                    .map(RuleVerdict.Step::alert)
                                    .toList())
                    .containsExactlyInAnyOrderElementsOf(live);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8})
    void aSecondReadingOfTheSameRecordsChangesNothing(long seed) {
        RuleEngine engine = RuleEngine.standard();
        RunState state = RunState.EMPTY;
        for (Object event : run(seed, 600)) {
            Verdict once = evaluate(engine, event, state);
            if (event instanceof IterationRecord) {
                Verdict twice = evaluate(engine, event, once.state());
                assertThat(twice.state()).isSameAs(once.state());
                assertThat(twice.transitions()).isEmpty();
            }
            state = once.state();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13})
    void neverThrowsWhateverTheRecordsHold(long seed) {
        Random random = new Random(seed);
        RandomRecords records = new RandomRecords(seed);
        List<Object> events = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            int attempt = 1 + random.nextInt(3);
            if (random.nextInt(20) == 0) {
                events.add(new EpochRecord(
                        "r",
                        attempt,
                        -1,
                        -1,
                        random.nextLong(),
                        Epoch.newBuilder()
                                .setEpoch(random.nextInt())
                                .setIteration(random.nextLong())
                                .setTrainLoss(records.value())
                                .setTrainAccuracy(records.value())
                                .setValidationLoss(records.value())
                                .setValidationAccuracy(records.value())
                                .build()));
            } else {
                // numbers of layers that change, iterations and places that jump
                events.add(records.record(
                        "r",
                        attempt,
                        random.nextInt(10) == 0 ? random.nextLong() : i,
                        random.nextInt(15) == 0 ? random.nextLong() : 3L * i,
                        random.nextInt(8) == 0 ? random.nextInt(12) : LAYERS,
                        random.nextInt(8) == 0 ? random.nextInt(5) : BATCH_NORMS));
            }
        }
        for (RuleEngine engine : List.of(RuleEngine.standard(), PeerRules.engine())) {
            assertThatCode(() -> feed(engine, events, () -> random.nextInt(60) == 0))
                    .doesNotThrowAnyException();
        }
    }

    private interface Restarts {
        boolean now();
    }

    /** Feeds one by one; at restarts everything that is remembered goes through its bytes. */
    private static List<Alert> feed(RuleEngine engine, List<Object> events, Restarts restarts) {
        List<Alert> transitions = new ArrayList<>();
        RunState state = RunState.EMPTY;
        for (Object event : events) {
            Verdict verdict = evaluate(engine, event, state);
            transitions.addAll(verdict.transitions());
            state = verdict.state();
            if (restarts.now()) {
                RunState read = RunState.fromBytes(state.toBytes());
                assertThat(read).isEqualTo(state);
                state = read;
            }
        }
        return transitions;
    }

    private static Verdict evaluate(RuleEngine engine, Object event, RunState state) {
        if (event instanceof IterationRecord iteration) {
            return engine.evaluate(description(iteration.attempt()), iteration, state);
        }
        EpochRecord epoch = (EpochRecord) event;
        return engine.evaluate(description(epoch.attempt()), epoch, state);
    }

    private static RunDescription description(int attempt) {
        RunStarted.Builder run = Run.vgg38().toBuilder().clearLayers();
        for (int l = 0; l < LAYERS; l++) {
            run.addLayers(Run.vgg38().getLayers(l));
        }
        return new RunDescription(
                "r",
                attempt,
                run.setIterationsPerEpoch(50)
                        .setPlannedEpochs(40)
                        .setClasses(10)
                        .build());
    }

    /** A run with troubles that come and go, in an order that the log may have. */
    private static List<Object> run(long seed, int iterations) {
        Random random = new Random(seed);
        RandomRecords odd = new RandomRecords(seed);
        List<Object> events = new ArrayList<>();
        double level = -3;
        double slope = 0;
        double loss = Math.log(10);
        int attempt = 1;
        long iteration = 0;
        long seq = 0;
        for (int n = 0; n < iterations; n++, iteration++) {
            if (random.nextInt(120) == 0) {
                level = -9 + 10 * random.nextDouble();
                slope = random.nextDouble();
            }
            if (random.nextInt(300) == 0) {
                attempt++;
                iteration = Math.max(0, iteration - 20);
            }
            iteration += random.nextInt(80) == 0 ? 3 : 0; // what was lost on the way
            loss = Math.max(0.01, loss + 0.02 * random.nextGaussian() + (random.nextInt(200) == 0 ? 2 : 0));
            LayerStatistics.Builder layers = LayerStatistics.newBuilder();
            for (int l = 0; l < LAYERS; l++) {
                double g = Math.pow(10, level - slope * 2 * (LAYERS - l) + 0.1 * random.nextGaussian());
                layers.addMeanAbs(random.nextInt(400) == 0 ? odd.value() : (float) g);
                layers.addL2((float) (g * 300));
                layers.addUpdateRatio((float) (random.nextInt(300) == 0 ? 30 : 1e-3));
                layers.addParameterL2(random.nextInt(2_000) == 0 ? Float.NaN : 3);
            }
            Iteration.Builder values = random.nextInt(60) == 0
                    ? odd.record("r", attempt, iteration, seq, LAYERS, BATCH_NORMS).iteration().toBuilder()
                    : Iteration.newBuilder()
                            .setLoss((float) loss)
                            .setAccuracy(0.1f)
                            .setLearningRate(0.001f)
                            .setLayers(layers);
            seq += 1 + random.nextInt(3);
            IterationRecord record = new IterationRecord(
                    "r",
                    attempt,
                    2,
                    seq,
                    50 * seq,
                    values.setIteration(iteration)
                            .setEpoch((int) (iteration / 50))
                            .build());
            events.add(record);
            if (random.nextInt(50) == 0) {
                events.add(record); // once more
            }
            if (random.nextInt(50) == 0 && events.size() > 10) {
                events.add(events.get(events.size() - 5)); // late
            }
            if (iteration % 50 == 49) {
                events.add(new EpochRecord(
                        "r",
                        attempt,
                        -1,
                        -1,
                        50 * seq,
                        Epoch.newBuilder()
                                .setEpoch((int) (iteration / 50) - random.nextInt(2))
                                .setIteration(iteration)
                                .setTrainLoss((float) loss)
                                .setTrainAccuracy(0.1f + 0.05f * random.nextFloat())
                                .setValidationLoss((float) loss * (1 + random.nextFloat()))
                                .setValidationAccuracy(0.1f)
                                .build()));
            }
        }
        return events;
    }

    private record Recorded(long seed, List<Object> events) implements RecordedRun {
        @Override
        public RunDescription description() {
            return EnginePropertiesTest.description(1);
        }

        @Override
        public String name() {
            return "random " + seed;
        }

        @Override
        public Set<String> labels() {
            return Set.of();
        }

        @Override
        public void replay(Events to) {
            for (Object event : events) {
                if (event instanceof IterationRecord iteration) {
                    to.iteration(iteration);
                } else {
                    to.epoch((EpochRecord) event);
                }
            }
        }
    }
}
