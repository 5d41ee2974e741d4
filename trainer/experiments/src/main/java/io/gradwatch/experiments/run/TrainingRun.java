package io.gradwatch.experiments.run;

import io.gradwatch.experiments.checkpoint.EpochFigures;
import io.gradwatch.experiments.checkpoint.RunManifest;
import io.gradwatch.experiments.data.Batch;
import io.gradwatch.experiments.data.BatchPrefetcher;
import io.gradwatch.experiments.data.ImageData;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains one network once, from its first step or from where it was to its last, and tests it. For one thread.
 */
public final class TrainingRun {
    private final TrainingSettings settings;
    private final ImageData data;
    private final ComputationGraph network;
    private final RunTelemetry telemetry;
    private final RunProgress progress;
    private final StopSignal stop;
    private final RunKeeper keeper;
    private final RunPosition at;
    private final BatchMeter meter;
    private final Evaluator evaluator;

    private long epochStartNanos;
    private long epochStartWaitedNanos;

    /**
     * A run from its first step, of which nothing is kept.
     *
     * @param network fresh from {@link TrainingSettings#buildNetwork}; its listeners are replaced
     * @param data not empty in training and validation
     */
    public TrainingRun(
            TrainingSettings settings,
            ImageData data,
            ComputationGraph network,
            RunTelemetry telemetry,
            RunProgress progress,
            StopSignal stop) {
        this(settings, data, network, telemetry, progress, stop, RunKeeper.NONE, RunPosition.atStart());
    }

    /**
     * @param network as it was at {@code start}
     * @param start moves on with the run
     */
    TrainingRun(
            TrainingSettings settings,
            ImageData data,
            ComputationGraph network,
            RunTelemetry telemetry,
            RunProgress progress,
            StopSignal stop,
            RunKeeper keeper,
            RunPosition start) {
        this.settings = settings;
        this.data = data;
        this.network = network;
        this.telemetry = telemetry;
        this.progress = progress;
        this.stop = stop;
        this.keeper = keeper;
        this.at = start;
        meter = new BatchMeter(new ClassifierHead(network));
        evaluator = new Evaluator(network, data.validation());
    }

    /**
     * Trains until the planned end, a stop or a failure, and reports the end to telemetry and progress. Never throws
     * for what happens in training: the outcome tells it.
     *
     * <p>At the planned end the network is measured on the test images with the parameters of the best epoch; when this
     * returns, it has those after its last step.
     */
    public RunOutcome run() {
        List<TrainingListener> listeners = new ArrayList<>(List.of(meter));
        telemetry.listener().ifPresent(listeners::add);
        telemetry.obeys(new Orders());
        network.setListeners(listeners);
        boolean interrupted = false;
        RunOutcome outcome;
        try (BatchPrefetcher batches = new BatchPrefetcher(
                data.train(),
                settings.batchSize(),
                settings.augmentation(),
                settings.seed(),
                at.epoch(),
                at.position())) {
            outcome = train(batches);
        } catch (InterruptedException e) {
            interrupted = true;
            outcome = stopped("the training thread was interrupted");
        } catch (RuntimeException | OutOfMemoryError | LinkageError e) {
            outcome = new RunOutcome.Failed(reasonOf(e), e);
        }
        String delivery = telemetry.ended(outcome);
        progress.ended(outcome, at.iterations(), delivery + "; " + keeper.summary());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return outcome;
    }

    private RunOutcome train(BatchPrefetcher batches) throws InterruptedException {
        long limit = settings.iterations().orElse(Long.MAX_VALUE);
        startEpoch(batches);
        while (true) {
            if (at.position() == batches.batchesPerEpoch()) {
                if (!endEpoch(batches)) {
                    return stopped();
                }
                startEpoch(batches);
            }
            if (at.epoch() == settings.epochs()) {
                return finish(settings.epochs() + " epochs done");
            }
            if (at.iterations() >= limit) {
                return finish(limit + " iterations done");
            }
            if (stop.requested().isPresent()) {
                return stopped();
            }
            step(batches.next());
        }
    }

    private void step(Batch batch) {
        telemetry.stepBegins(batch);
        meter.expect(batch.labels());
        network.fit(new INDArray[] {batch.features()}, new INDArray[] {batch.labels()});
        BatchResult result = meter.last();
        at.stepDone(result);
        progress.iterationDone(
                at.iterations(), batch.epoch(), result.meanLoss(), result.accuracy(), telemetry.dropped());
        telemetry.stepEnded();
    }

    private void startEpoch(BatchPrefetcher batches) {
        epochStartNanos = System.nanoTime();
        epochStartWaitedNanos = batches.waitedNanos();
    }

    /** Validates and reports the epoch; false, with everything as before, if a stop came before the validation's end. */
    private boolean endEpoch(BatchPrefetcher batches) {
        Optional<BatchResult> validation = Optional.empty();
        if (settings.validatesAfter(at.epoch())) {
            validation = evaluator.evaluate(stop);
            if (validation.isEmpty()) {
                return false;
            }
        }
        EpochFigures figures = at.epochDone(validation, network.params());
        long nanos = System.nanoTime() - epochStartNanos;
        EpochSummary summary = new EpochSummary(
                figures.epoch(),
                figures.lastIteration(),
                figures.trainLoss(),
                figures.trainAccuracy(),
                optional(figures.validationLoss()),
                optional(figures.validationAccuracy()),
                learningRate(figures.epoch()),
                Duration.ofNanos(nanos),
                (double) (batches.waitedNanos() - epochStartWaitedNanos) / nanos);
        telemetry.epochEnded(summary);
        network.incrementEpochCount();
        keeper.save(at, network);
        progress.epochEnded(summary); // what a person reads is safe
        return true;
    }

    private double learningRate(int epoch) {
        Double set = at.learningRate();
        return set != null ? set : settings.schedule().at(settings.learningRate(), epoch, settings.epochs());
    }

    private RunOutcome finish(String reason) {
        keeper.save(at, network);
        EpochFigures figures = at.best().orElseGet(at::last);
        Double loss = null;
        Double accuracy = null;
        if (data.test().size() > 0) {
            Optional<BatchResult> test = testBest();
            if (test.isEmpty()) {
                return stopped();
            }
            loss = test.get().meanLoss();
            accuracy = test.get().accuracy();
        }
        keeper.finished(new RunManifest.End(reason, figures, loss, accuracy));
        return new RunOutcome.Finished(reason, RunResult.of(figures, loss, accuracy));
    }

    /** With the parameters of the best epoch, or the present ones where none was validated. */
    private Optional<BatchResult> testBest() {
        Evaluator tester = new Evaluator(network, data.test());
        INDArray best = at.bestParameters();
        if (best == null) {
            return tester.evaluate(stop);
        }
        try (INDArray present = network.params().dup()) {
            network.params().assign(best);
            try {
                return tester.evaluate(stop);
            } finally {
                network.params().assign(present);
            }
        }
    }

    private RunOutcome stopped() {
        return stopped(stop.requested().orElse("stopped"));
    }

    private RunOutcome stopped(String reason) {
        keeper.save(at, network);
        return new RunOutcome.Stopped(reason);
    }

    /** What the run can be told between two steps. */
    private final class Orders implements RunOrders {
        @Override
        public void stop(String by) {
            stop.request("stopped by " + by);
        }

        @Override
        public boolean isStopping() {
            return stop.requested().isPresent();
        }

        @Override
        public String checkpoint() throws IOException {
            return keeper.saveForGood(at, network);
        }

        @Override
        public void learningRate(double rate) {
            network.setLearningRate(rate);
            at.learningRate(rate);
        }

        @Override
        public void tell(String sentence) {
            progress.notice(sentence);
        }
    }

    private static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    @SuppressWarnings("ReferenceEquality") // the same object is meant
    private static String reasonOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return root == failure ? message : message + ": " + root;
    }
}
