package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.run.EpochSummary;
import io.gradwatch.experiments.run.RunOutcome;
import io.gradwatch.experiments.run.RunProgress;
import io.gradwatch.experiments.table1.Job;
import io.gradwatch.experiments.table1.Paces;
import io.gradwatch.experiments.table1.PlanText;
import io.gradwatch.experiments.table1.Text;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * Shows the runs of the table on the console, with the time left for the present one and for all: on a terminal one line
 * that is rewritten a few times a second, elsewhere a plain line every half minute; a line for each epoch on both. Knows
 * how long an iteration takes, too.
 */
final class Table1Progress implements RunProgress {
    private static final long REWRITE_NANOS = Duration.ofMillis(200).toNanos();
    private static final long PLAIN_NANOS = Duration.ofSeconds(30).toNanos();
    /** Steps that do not count, because the virtual machine is still compiling; and those needed before a pace is told. */
    private static final int WARM_UP = 10;

    private static final double NEWEST = 0.05;

    private final PrintWriter out;
    private final StatusLine status;
    private final boolean interactive;
    private final int columns;
    private final LongSupplier nanos;
    private final List<Job> left = new ArrayList<>();

    private Paces paces = Paces.NONE;
    private Optional<Job> job = Optional.empty();
    private String place = "";
    private long lastShown;
    private long steps;
    private long startNanos;
    private long lastNanos;
    private double loss;
    private double accuracy;

    /**
     * @param interactive whether to rewrite a line
     * @param columns of the terminal
     * @param nanos monotonic time
     */
    Table1Progress(PrintWriter out, boolean interactive, int columns, LongSupplier nanos) {
        this.out = out;
        this.status = new StatusLine(out);
        this.interactive = interactive;
        this.columns = columns;
        this.nanos = nanos;
    }

    /**
     * A run begins.
     *
     * @param number of the run, from 1
     * @param all number of runs to train
     * @param behind the runs after it
     * @param known paces so far
     */
    void begin(Job begun, int number, int all, List<Job> behind, Paces known) {
        job = Optional.of(begun);
        place = "run " + number + "/" + all;
        left.clear();
        left.addAll(behind);
        paces = known;
        steps = 0;
        lastShown = nanos.getAsLong() - PLAIN_NANOS;
        print(place + "  " + begun.title());
    }

    /** A line that stays. */
    void print(String line) {
        status.print(line);
    }

    /** Of the present run as far as this process trained it, with validation; empty if that is too little to tell. */
    OptionalDouble millisPerIteration() {
        long counted = steps - WARM_UP;
        return counted < WARM_UP ? OptionalDouble.empty() : OptionalDouble.of((lastNanos - startNanos) / 1e6 / counted);
    }

    @Override
    public void started(int attempt, long iterations, int epoch, int position) {
        if (attempt > 1) {
            print("  attempt " + attempt + " goes on after iteration " + iterations);
        }
    }

    @Override
    public void warning(String message) {
        print("  warning: " + message);
    }

    @Override
    public void iterationDone(long iterations, int epoch, double batchLoss, double batchAccuracy, long dropped) {
        lastNanos = nanos.getAsLong();
        smooth(batchLoss, batchAccuracy);
        if (steps == WARM_UP) {
            startNanos = lastNanos;
        }
        if (lastNanos - lastShown >= (interactive ? REWRITE_NANOS : PLAIN_NANOS)) {
            lastShown = lastNanos;
            String line = line(iterations, epoch, dropped);
            if (interactive) {
                status.show(line.substring(0, Math.min(line.length(), columns - 1)));
            } else {
                status.print(line);
            }
        }
    }

    @Override
    public void epochEnded(EpochSummary summary) {
        lastNanos = nanos.getAsLong();
        String validation = summary.validationAccuracy().isPresent()
                ? String.format(
                        Locale.ROOT,
                        "  validation %.2f %%",
                        100 * summary.validationAccuracy().getAsDouble())
                : "";
        status.print(String.format(
                        Locale.ROOT,
                        "  epoch %d/%d  train %.2f %%  loss %.4f",
                        summary.epoch() + 1,
                        job.map(now -> now.conditions().epochs()).orElse(0),
                        100 * summary.trainAccuracy(),
                        summary.trainLoss())
                + validation
                + "  in " + Text.span(summary.duration()));
    }

    @Override
    public void ended(RunOutcome outcome, long iterations, String summary) {
        status.clear();
        out.println("  " + summary);
        out.flush();
    }

    private void smooth(double batchLoss, double batchAccuracy) {
        steps++;
        double weight = Math.max(NEWEST, 1.0 / steps);
        loss = steps == 1 ? batchLoss : loss + weight * (batchLoss - loss);
        accuracy = steps == 1 ? batchAccuracy : accuracy + weight * (batchAccuracy - accuracy);
    }

    private String line(long iterations, int epoch, long dropped) {
        Job now = job.orElseThrow();
        millisPerIteration().ifPresent(millis -> paces = paces.with(now, millis));
        Optional<Paces.Estimate> ofRun = paces.of(now, now.iterations() - iterations);
        Optional<Paces.Estimate> ofAll = ofRun.flatMap(run -> paces.of(left).map(behind -> run.plus(behind)));
        return String.format(
                        Locale.ROOT,
                        "%s  epoch %d/%d  %.1f %%  loss %.3f  acc %.1f %%  left %s, all %s",
                        place,
                        epoch + 1,
                        now.conditions().epochs(),
                        100.0 * iterations / now.iterations(),
                        loss,
                        100 * accuracy,
                        PlanText.about(ofRun),
                        PlanText.about(ofAll))
                + (dropped > 0 ? "  telemetry dropped " + dropped : "");
    }
}
