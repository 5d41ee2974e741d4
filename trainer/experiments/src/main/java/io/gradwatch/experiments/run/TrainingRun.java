package io.gradwatch.experiments.run;

import io.gradwatch.experiments.data.Batch;
import io.gradwatch.experiments.data.BatchPrefetcher;
import io.gradwatch.experiments.data.ImageData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Trains one network once, from its first step to its last. For one thread. */
public final class TrainingRun {
    private final TrainingSettings settings;
    private final ImageData data;
    private final ComputationGraph network;
    private final RunTelemetry telemetry;
    private final RunProgress progress;
    private final StopSignal stop;
    private final BatchMeter meter;
    private final Evaluator evaluator;

    private long iterations;
    private BatchResult epochResult = BatchResult.NOTHING;
    private long epochStartNanos;
    private long epochStartWaitedNanos;

    /**
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
        this.settings = settings;
        this.data = data;
        this.network = network;
        this.telemetry = telemetry;
        this.progress = progress;
        this.stop = stop;
        meter = new BatchMeter(new ClassifierHead(network));
        evaluator = new Evaluator(network, data.validation());
    }

    /**
     * Trains until the planned end, a stop or a failure, and reports the end to telemetry and progress. Never throws
     * for what happens in training: the outcome tells it.
     */
    public RunOutcome run() {
        List<TrainingListener> listeners = new ArrayList<>(List.of(meter));
        telemetry.listener().ifPresent(listeners::add);
        network.setListeners(listeners);
        RunOutcome outcome;
        try (BatchPrefetcher batches =
                new BatchPrefetcher(data.train(), settings.batchSize(), settings.augmentation(), settings.seed())) {
            outcome = train(batches);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = new RunOutcome.Stopped("the training thread was interrupted");
        } catch (RuntimeException | OutOfMemoryError | LinkageError e) {
            outcome = new RunOutcome.Failed(reasonOf(e), e);
        }
        progress.ended(outcome, iterations, telemetry.ended(outcome));
        return outcome;
    }

    private RunOutcome train(BatchPrefetcher batches) throws InterruptedException {
        long limit = settings.iterations().orElse(Long.MAX_VALUE);
        startEpoch(batches);
        while (iterations < limit) {
            Optional<String> reason = stop.requested();
            if (reason.isPresent()) {
                return new RunOutcome.Stopped(reason.get());
            }
            Batch batch = batches.next();
            telemetry.stepBegins(batch);
            meter.expect(batch.labels());
            network.fit(new INDArray[] {batch.features()}, new INDArray[] {batch.labels()});
            iterations++;
            BatchResult result = meter.last();
            epochResult = epochResult.plus(result);
            progress.iterationDone(
                    iterations, batch.epoch(), result.meanLoss(), result.accuracy(), telemetry.dropped());
            if (batch.isLastOfEpoch()) {
                endEpoch(batch.epoch(), batches);
                if (batch.epoch() + 1 == settings.epochs() && stop.requested().isEmpty()) {
                    return new RunOutcome.Finished(settings.epochs() + " epochs done");
                }
                startEpoch(batches);
            }
        }
        return new RunOutcome.Finished(limit + " iterations done");
    }

    private void startEpoch(BatchPrefetcher batches) {
        epochResult = BatchResult.NOTHING;
        epochStartNanos = System.nanoTime();
        epochStartWaitedNanos = batches.waitedNanos();
    }

    private void endEpoch(int epoch, BatchPrefetcher batches) {
        Optional<BatchResult> validation = settings.validatesAfter(epoch) ? evaluator.evaluate(stop) : Optional.empty();
        long nanos = System.nanoTime() - epochStartNanos;
        EpochSummary summary = new EpochSummary(
                epoch,
                iterations - 1,
                epochResult.meanLoss(),
                epochResult.accuracy(),
                validation.map(result -> OptionalDouble.of(result.meanLoss())).orElse(OptionalDouble.empty()),
                validation.map(result -> OptionalDouble.of(result.accuracy())).orElse(OptionalDouble.empty()),
                settings.schedule().at(settings.learningRate(), epoch, settings.epochs()),
                Duration.ofNanos(nanos),
                (double) (batches.waitedNanos() - epochStartWaitedNanos) / nanos);
        telemetry.epochEnded(summary);
        progress.epochEnded(summary);
        network.incrementEpochCount();
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
