package io.gradwatch.telemetry.backtest;

import io.gradwatch.telemetry.archive.Archive;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.rules.RunState;
import io.gradwatch.telemetry.rules.Verdict;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.gradwatch.telemetry.stream.RunDescription;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that measures what the standard rules cost: 16 runs at 60 iterations a second each, whose records are those of a
 * stored run over and over again, and what is remembered of each run written as bytes five times a second, as ingest does when
 * it commits. Tells the CPU time of the one thread that does it, and then how many iterations a second it could judge.
 *
 * <p>Arguments: name of the stored run, seconds.
 */
final class RulesCost {
    private static final int RUNS = 16;
    private static final int RATE = 60;
    private static final int SAVES = 5;

    private final RuleEngine engine = RuleEngine.standard();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final RunDescription description;
    private final List<IterationRecord> records;
    private final RunState[] states = new RunState[RUNS];
    private long judged;
    private long bytes;

    private RulesCost(RecordedRun run) {
        description = run.description();
        List<IterationRecord> all = new ArrayList<>();
        run.replay(new RecordedRun.Events() {
            @Override
            public void iteration(IterationRecord record) {
                all.add(record);
            }

            @Override
            public void epoch(EpochRecord record) {}
        });
        records = List.copyOf(all);
        java.util.Arrays.fill(states, RunState.EMPTY);
    }

    public static void main(String[] arguments) throws Exception {
        Path scratch = Files.createTempDirectory("runs");
        RulesCost cost;
        try {
            cost = new RulesCost(StoredRuns.all(scratch).stream()
                    .filter(run -> run.name().equals(arguments[0]))
                    .findFirst()
                    .orElseThrow());
        } finally {
            Archive.discard(scratch);
        }
        cost.atRate(5);
        cost.atFullSpeed(5);
        double share = cost.atRate(Integer.parseInt(arguments[1]));
        double rate = cost.atFullSpeed(10);
        System.out.printf(
                Locale.ROOT,
                "%s: %d layers, %d batch norms%n%d runs x %d iterations/s: %.2f %% of one core%nat full speed: %.0f"
                        + " iterations/s, %.1f us each%nstate: %d bytes a run, %d MB written%n",
                arguments[0],
                cost.description.started().getLayersCount(),
                cost.description.started().getBatchNormsCount(),
                RUNS,
                RATE,
                100 * share,
                rate,
                1e6 / rate,
                cost.states[0].toBytes().length,
                cost.bytes >> 20);
    }

    /** Share of a core. */
    private double atRate(int seconds) {
        long cpu = threads.getCurrentThreadCpuTime();
        long begun = System.nanoTime();
        for (long tick = 0; tick < (long) seconds * RATE; tick++) {
            long due = begun + tick * 1_000_000_000L / RATE;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            judgeAll();
            if (tick % (RATE / SAVES) == 0) {
                for (RunState state : states) {
                    bytes += state.toBytes().length;
                }
            }
        }
        return (threads.getCurrentThreadCpuTime() - cpu) / (double) (System.nanoTime() - begun);
    }

    /** Iterations a second of CPU time. */
    private double atFullSpeed(int seconds) {
        long before = judged;
        long cpu = threads.getCurrentThreadCpuTime();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            judgeAll();
        }
        return (judged - before) / ((threads.getCurrentThreadCpuTime() - cpu) / 1e9);
    }

    private void judgeAll() {
        for (int run = 0; run < RUNS; run++) {
            long n = judged / RUNS;
            IterationRecord record = records.get((int) ((n + 7L * run) % records.size()));
            Verdict verdict = engine.evaluate(
                    description,
                    new IterationRecord(
                            record.runId(),
                            1,
                            record.partition(),
                            n,
                            record.producedAtMs() + n,
                            record.iteration().toBuilder().setIteration(n).build()),
                    states[run]);
            states[run] = verdict.state();
        }
        judged += RUNS;
    }
}
