package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.run.EpochSummary;
import io.gradwatch.experiments.run.RunOutcome;
import io.gradwatch.experiments.run.RunProgress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows a run on the console: on a terminal one line that is rewritten a few times a second, elsewhere a plain line every
 * ten seconds; a line for each epoch on both.
 */
final class ConsoleProgress implements RunProgress {
    private static final long REWRITE_NANOS = Duration.ofMillis(200).toNanos();
    private static final long PLAIN_NANOS = Duration.ofSeconds(10).toNanos();
    /** Weight of the newest step in the smoothed loss, accuracy and pace. */
    private static final double NEWEST = 0.05;

    private final PrintWriter out;
    private final StatusLine status;
    private final boolean interactive;
    private final int epochs;
    private final long plannedIterations;
    private final LongSupplier nanos;

    private long lastShown;
    private long lastStep;
    private long seen;
    private double loss;
    private double accuracy;
    private double secondsPerStep;

    /**
     * @param interactive whether to rewrite a line
     * @param epochs planned
     * @param plannedIterations of the whole run
     * @param nanos monotonic time
     */
    ConsoleProgress(PrintWriter out, boolean interactive, int epochs, long plannedIterations, LongSupplier nanos) {
        this.out = out;
        this.status = new StatusLine(out);
        this.interactive = interactive;
        this.epochs = epochs;
        this.plannedIterations = plannedIterations;
        this.nanos = nanos;
        lastShown = nanos.getAsLong();
    }

    @Override
    public void started(int attempt, long iterations, int epoch, int position) {
        if (attempt > 1) {
            String where = epoch < epochs
                    ? "in epoch " + (epoch + 1) + "/" + epochs + " after " + position + " steps of it"
                    : "where only the test is left";
            status.print("attempt " + attempt + " goes on after iteration " + iterations + ", " + where);
        }
        lastStep = nanos.getAsLong();
    }

    @Override
    public void warning(String message) {
        status.print("warning: " + message);
    }

    @Override
    public void notice(String message) {
        status.print(message);
        lastStep = nanos.getAsLong(); // a pause says nothing of the pace
    }

    @Override
    public void iterationDone(long iterations, int epoch, double batchLoss, double batchAccuracy, long dropped) {
        long now = nanos.getAsLong();
        smooth(batchLoss, batchAccuracy, (now - lastStep) / 1e9);
        lastStep = now;
        boolean due = now - lastShown >= (interactive ? REWRITE_NANOS : PLAIN_NANOS);
        if (seen == 1 || due) {
            lastShown = now;
            String line = line(iterations, epoch, dropped);
            if (interactive) {
                status.show(line);
            } else {
                status.print(line);
            }
        }
    }

    @Override
    public void epochEnded(EpochSummary summary) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "epoch %d/%d done in %s  train loss %.4f acc %.2f %%",
                summary.epoch() + 1,
                epochs,
                clock(summary.duration().toMillis() / 1000.0),
                summary.trainLoss(),
                100 * summary.trainAccuracy()));
        if (summary.validationLoss().isPresent()) {
            line.append(String.format(
                    Locale.ROOT,
                    "  validation loss %.4f acc %.2f %%",
                    summary.validationLoss().getAsDouble(),
                    100 * summary.validationAccuracy().orElse(Double.NaN)));
        }
        line.append(String.format(
                Locale.ROOT,
                "  lr %.3g  waited for data %.1f %%",
                summary.learningRate(),
                100 * summary.waitedForData()));
        status.print(line.toString());
        lastStep = nanos.getAsLong();
    }

    @Override
    public void ended(RunOutcome outcome, long iterations, String summary) {
        status.clear();
        String how = outcome instanceof RunOutcome.Finished
                ? "finished"
                : outcome instanceof RunOutcome.Stopped ? "stopped" : "FAILED";
        out.println("run " + how + " after " + iterations + " iterations: " + outcome.reason() + "; " + summary);
        outcome.result().map(ResultLine::of).ifPresent(out::println);
        out.flush();
    }

    private void smooth(double batchLoss, double batchAccuracy, double seconds) {
        if (seen == 0) {
            loss = batchLoss;
            accuracy = batchAccuracy;
        } else {
            // the first steps weigh the same, so that no old value lingers
            double weight = Math.max(NEWEST, 1.0 / (seen + 1));
            loss += weight * (batchLoss - loss);
            accuracy += weight * (batchAccuracy - accuracy);
            secondsPerStep += Math.max(NEWEST, 1.0 / seen) * (seconds - secondsPerStep);
        }
        seen++;
    }

    private String line(long iterations, int epoch, long dropped) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "epoch %d/%d  iteration %d/%d  loss %.3f  acc %.1f %%",
                epoch + 1,
                epochs,
                iterations,
                plannedIterations,
                loss,
                100 * accuracy));
        if (secondsPerStep > 0) {
            line.append(String.format(
                    Locale.ROOT,
                    "  %.1f it/s  left %s",
                    1 / secondsPerStep,
                    clock((plannedIterations - iterations) * secondsPerStep)));
        }
        if (dropped > 0) {
            line.append("  telemetry dropped ").append(dropped);
        }
        return line.toString();
    }

    private static String clock(double seconds) {
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
