package io.gradwatch.telemetry.backtest;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.backtest.RuleVerdict.Step;
import io.gradwatch.telemetry.rules.RuleDescription;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.rules.RunState;
import io.gradwatch.telemetry.rules.Verdict;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** Feeds a recorded run to rules as live evaluation does, record by record. */
public final class Backtest {
    private static final int TELL_EVERY = 500;

    private final LongConsumer progress;
    private final BooleanSupplier cancelled;

    /**
     * A back-test that can be watched.
     *
     * @param progress told now and then how many iterations of the present run have been judged
     * @param cancelled asked now and then; true ends it with a {@link CancellationException}
     */
    public Backtest(LongConsumer progress, BooleanSupplier cancelled) {
        this.progress = progress;
        this.cancelled = cancelled;
    }

    /** One that nobody watches. */
    public Backtest() {
        this(iterations -> {}, () -> false);
    }

    /**
     * What rules would have said of a run.
     *
     * @throws CancellationException it was cancelled
     */
    public RunVerdict judge(RecordedRun run, RuleEngine rules) {
        return judge(run, List.of(rules)).get(0);
    }

    /** What several sets of rules would have said of a run, which is read once; in their order. */
    List<RunVerdict> judge(RecordedRun run, List<RuleEngine> engines) {
        EvidentScan evident = new EvidentScan(run.description().started().getClasses());
        List<Judge> judges =
                engines.stream().map(rules -> new Judge(run, rules)).toList();
        long[] iterations = {0};
        run.replay(new RecordedRun.Events() {
            @Override
            public void iteration(IterationRecord record) {
                evident.iteration(record);
                judges.forEach(judge -> judge.iteration(record));
                if (++iterations[0] % TELL_EVERY == 0) {
                    progress.accept(iterations[0]);
                    stopIfCancelled();
                }
            }

            @Override
            public void epoch(EpochRecord record) {
                evident.epoch(record);
                judges.forEach(judge -> judge.epoch(record));
            }
        });
        stopIfCancelled();
        progress.accept(iterations[0]);
        return judges.stream()
                .map(judge -> new RunVerdict(
                        run.description().runId(),
                        run.name(),
                        run.labels(),
                        iterations[0],
                        evident.found(),
                        judge.verdicts()))
                .toList();
    }

    private void stopIfCancelled() {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("the back-test was cancelled");
        }
    }

    private static final class Judge implements RecordedRun.Events {
        private final RecordedRun run;
        private final RuleEngine rules;
        private final Map<String, List<Step>> steps = new LinkedHashMap<>();
        private RunState state = RunState.EMPTY;

        Judge(RecordedRun run, RuleEngine rules) {
            this.run = run;
            this.rules = rules;
        }

        @Override
        public void iteration(IterationRecord record) {
            take(
                    rules.evaluate(description(record.attempt()), record, state),
                    record.attempt(),
                    record.iteration().getEpoch());
        }

        @Override
        public void epoch(EpochRecord record) {
            take(
                    rules.evaluate(description(record.attempt()), record, state),
                    record.attempt(),
                    record.epoch().getEpoch());
        }

        private RunDescription description(int attempt) {
            RunDescription newest = run.description();
            return newest.attempt() == attempt ? newest : new RunDescription(newest.runId(), attempt, newest.started());
        }

        private void take(Verdict verdict, int attempt, long epoch) {
            state = verdict.state();
            for (Alert alert : verdict.transitions()) {
                steps.computeIfAbsent(alert.getRule(), rule -> new ArrayList<>())
                        .add(new Step(alert, attempt, epoch));
            }
        }

        List<RuleVerdict> verdicts() {
            List<RuleVerdict> verdicts = new ArrayList<>();
            for (RuleDescription rule : rules.descriptions()) {
                verdicts.add(new RuleVerdict(rule.rule(), rule.version(), steps.getOrDefault(rule.rule(), List.of())));
            }
            return verdicts;
        }
    }
}
