package io.gradwatch.listener;

import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Resources;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.Shattering;
import io.gradwatch.listener.command.TrainingCommands;
import io.gradwatch.listener.network.NetworkLayout;
import io.gradwatch.listener.network.TrainedModel;
import io.gradwatch.listener.probe.CurvatureProbe;
import io.gradwatch.listener.probe.ShatteringProbe;
import io.gradwatch.listener.publish.Delivery;
import io.gradwatch.listener.publish.LimitedLog;
import io.gradwatch.listener.publish.Publisher;
import io.gradwatch.listener.resources.ResourceSampler;
import io.gradwatch.listener.statistics.ActivationReader;
import io.gradwatch.listener.statistics.BatchAccuracy;
import io.gradwatch.listener.statistics.IterationStatistics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the gradient statistics of every training iteration to Kafka.
 *
 * <pre>{@code
 * try (var telemetry = GradientTelemetry.to("localhost:9092").name("digits").attach(model)) {
 *     model.fit(data, 10);
 * }
 * }</pre>
 *
 * <p>Works with any {@code ComputationGraph} or {@code MultiLayerNetwork} that is trained by {@code fit}: stock layers and
 * layers of your own, in single, double or half precision. Truncated back-propagation through time, layer-wise
 * pre-training and models cloned by {@code ParallelWrapper} are not supported: of the first every segment counts as an
 * iteration, the others are not seen.
 *
 * <p><b>Training comes first.</b> The callbacks run on the training thread, never wait and never throw: whatever goes
 * wrong in them is logged at a limited rate, counted, and training goes on. When Kafka cannot keep up or cannot be
 * reached, records wait in a bounded queue; beyond it they are dropped, and every later record says how many.
 *
 * <p>The statistics themselves, with units and the meaning of NaN, are those of {@code telemetry.proto}. The loss is the
 * model's score without L1 and L2 penalties.
 */
public final class GradientTelemetry extends BaseTrainingListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GradientTelemetry.class);

    private final TrainedModel model;
    private final NetworkLayout layout;
    private final BatchAccuracy batchAccuracy;
    private final IterationStatistics statistics;
    private final @Nullable ActivationReader activations;
    private final Sampling sampling;
    private final @Nullable ResourceSampler resources;
    private final Records records;
    private final Publisher publisher;
    private final Duration closeTimeout;
    private final LimitedLog log = new LimitedLog(LOG, System::nanoTime);
    private final ModelLearningRate learningRate;
    private final @Nullable CommandLink commands;

    // the training thread's
    private @Nullable Float accuracy;
    private double penalty;
    private @Nullable Curvature curvature;
    private @Nullable Shattering shattering;
    private boolean activationsSeen;
    private long stepNanos;
    private long probeNanos;
    private long lastDoneNanos;
    private boolean timed;

    private volatile long iterations;
    private final AtomicLong failures = new AtomicLong();
    private volatile long lastIteration = -1;
    private volatile RunEnded.@Nullable Outcome outcome;
    private volatile String reason = "";
    private volatile @Nullable Result result;
    private @Nullable Delivery delivery;

    GradientTelemetry(
            TrainedModel model,
            NetworkLayout layout,
            BatchAccuracy batchAccuracy,
            @Nullable ActivationReader activations,
            Sampling sampling,
            Records records,
            Publisher publisher,
            ModelLearningRate learningRate,
            @Nullable CommandLink commands,
            Duration closeTimeout) {
        this.model = model;
        this.layout = layout;
        this.batchAccuracy = batchAccuracy;
        this.statistics = new IterationStatistics(layout);
        this.activations = activations;
        this.sampling = sampling;
        this.records = records;
        this.publisher = publisher;
        this.closeTimeout = closeTimeout;
        this.learningRate = learningRate;
        this.commands = commands;
        this.resources = sampling.resources()
                ? ResourceSampler.start(NativeResources.source(model), Duration.ofSeconds(1), this::failed)
                : null;
    }

    /**
     * Describes a run that goes to these Kafka brokers.
     *
     * @param bootstrapServers {@code host:port}, or several separated by commas
     */
    public static TelemetryBuilder to(String bootstrapServers) {
        return new TelemetryBuilder(bootstrapServers);
    }

    /** The run's id. */
    public String runId() {
        return records.runId();
    }

    /** Iterations that the brokers have acknowledged so far. Any thread. */
    public long delivered() {
        return publisher.delivered();
    }

    /** Iterations dropped so far: the queue was full, Kafka refused them, or their statistics failed. Any thread. */
    public long dropped() {
        return publisher.dropped();
    }

    /** Histograms dropped so far: too many waited for Kafka, or Kafka refused them. Any thread. */
    public long droppedHistograms() {
        return publisher.droppedHistograms();
    }

    /** Callbacks and samples that failed so far; the log says why. Any thread. */
    public long failures() {
        return failures.get();
    }

    /**
     * Publishes the end of an epoch. The time until the next iteration begins to count here, so that a validation before
     * this call does not appear as a slow iteration. Never waits and never throws. Any thread.
     */
    public void epoch(Epoch epoch) {
        guarded(() -> {
            publisher.offerAlways(records.epoch(epoch));
            probeNanos = 0;
            lastDoneNanos = System.nanoTime();
        });
    }

    /** As {@link #beforeStep(INDArray[], INDArray[])}, for one input and one output. */
    public void beforeStep(INDArray features, INDArray labels) {
        beforeStep(new INDArray[] {features}, new INDArray[] {labels});
    }

    /**
     * Makes the measurements that are due and need gradients of their own: curvature and shattering, as often as the
     * builder was told. To be called on the training thread, before each {@code fit} of a single batch, with that batch
     * (without masks); does nothing in most iterations. The model is left bit by bit as it was, and the time counts
     * neither as the iteration's nor as the listener's. Never throws: what fails is logged and counted.
     *
     * @param features one array for each of the network's inputs, examples first
     * @param labels one array for each output
     */
    public void beforeStep(INDArray[] features, INDArray[] labels) {
        if (sampling.curvature() == 0 && sampling.shattering() == 0) {
            return;
        }
        long begin = System.nanoTime();
        long counted = probeNanos;
        guarded(() -> {
            int next = model.iterations();
            if (Sampling.due(sampling.shattering(), next)) {
                guarded(() -> sample(ShatteringProbe.measure(model.model(), features, labels)));
            }
            OptionalDouble rate = learningRate.now();
            if (Sampling.due(sampling.curvature(), next) && rate.isPresent()) {
                guarded(() -> sample(CurvatureProbe.measure(model.model(), features, labels, rate.getAsDouble())));
            }
        });
        probeNanos = counted + System.nanoTime() - begin;
    }

    /**
     * Publishes a measurement of yours with the next iteration; its cost is not counted as part of that one. Training
     * thread.
     */
    public void sample(Curvature measured) {
        curvature = measured;
        probeNanos += (long) (measured.getCostMs() * 1e6);
    }

    /** As {@link #sample(Curvature)}. */
    public void sample(Shattering measured) {
        shattering = measured;
        probeNanos += (long) (measured.getCostMs() * 1e6);
    }

    /**
     * Obeys the commands that have come: see {@link TelemetryBuilder#commands}. Called by the listener itself at the end of
     * each iteration, or, where {@link TrainingCommands#betweenSteps()} was said, by the training loop after each step.
     * Returns at once when there are none; while training is paused, it does not return. Its time counts neither as the
     * iteration's nor as the listener's. Training thread; never throws.
     */
    public void obeyCommands() {
        CommandLink link = commands;
        if (link == null || !link.hasWork() || lastIteration < 0) {
            return;
        }
        guarded(() -> link.obey(lastIteration));
        lastDoneNanos = System.nanoTime();
    }

    /**
     * Says how training ended; {@link #close} publishes it. Where it is not called, the outcome is finished, or stopped
     * when the planned iterations were not reached. The last call counts. Any thread.
     *
     * @param reason one sentence, or nothing
     */
    public void ended(RunEnded.Outcome outcome, String reason) {
        this.reason = reason;
        this.outcome = outcome;
    }

    /** {@link #ended(RunEnded.Outcome, String)}, with what the network came to. */
    public void ended(RunEnded.Outcome outcome, String reason, Result result) {
        this.result = result;
        ended(outcome, reason);
    }

    /** {@link #close(Duration)} with the builder's timeout; what could not be delivered is logged. */
    @Override
    public void close() {
        close(closeTimeout);
    }

    /**
     * Sends what is waiting and the end of the run, then stops. Iterations after it are not published. A second call
     * returns the first one's answer.
     *
     * @param timeout how long it may wait for Kafka
     * @return what became of the iterations
     */
    public synchronized Delivery close(Duration timeout) {
        Delivery known = delivery;
        if (known != null) {
            return known;
        }
        if (resources != null) {
            resources.close();
        }
        CommandLink link = commands;
        if (link != null) {
            try {
                link.close(Math.max(0, lastIteration));
            } catch (Exception e) {
                failed(e);
            }
        }
        Delivery result = publisher.close(timeout, this::end);
        delivery = result;
        if (droppedHistograms() > 0) {
            LOG.warn("run {}: {} histograms dropped", runId(), droppedHistograms());
        }
        if (!result.complete()) {
            LOG.warn(
                    "run {}: {} iterations delivered, {} dropped, {} not delivered in time, end of the run {}",
                    runId(),
                    result.delivered(),
                    result.dropped(),
                    result.undelivered(),
                    result.ended() ? "delivered" : "not delivered");
        }
        return result;
    }

    private io.gradwatch.contract.v1.Envelope end() {
        RunEnded.Outcome how = outcome;
        String why = reason;
        if (how == null) {
            long planned = records.run().getPlannedIterations();
            boolean reached = lastIteration + 1 >= planned;
            how = reached ? RunEnded.Outcome.FINISHED : RunEnded.Outcome.STOPPED;
            why = reached ? "" : "closed before the planned " + planned + " iterations";
        }
        return records.ended(how, why, iterations, publisher.dropped(), result);
    }

    // ---- callbacks, in the order of an iteration, on the training thread

    /** While the activations are there. */
    @Override
    public void onForwardPass(Model trained, Map<String, INDArray> outputs) {
        forward(trained, outputs);
    }

    /** The same of a MultiLayerNetwork: its input, then what each layer but the last one gives. */
    @Override
    public void onForwardPass(Model trained, List<INDArray> outputs) {
        if (activations != null && Sampling.due(sampling.activations(), model.iterations())) {
            Map<String, INDArray> byName = new LinkedHashMap<>();
            List<TrainedModel.Node> nodes = model.nodes();
            for (int i = 0; i < nodes.size() && i + 1 < outputs.size(); i++) {
                byName.put(nodes.get(i).name(), outputs.get(i + 1));
            }
            forward(trained, byName);
        }
    }

    private void forward(Model trained, Map<String, INDArray> outputs) {
        ActivationReader reader = activations;
        if (reader != null && Sampling.due(sampling.activations(), model.iterations())) {
            timed(trained, () -> {
                reader.forward(outputs);
                activationsSeen = true;
            });
        }
    }

    /** While the output layer still holds its input. */
    @Override
    public void onBackwardPass(Model trained) {
        accuracy = null;
        timed(trained, () -> accuracy = statistics.accuracy(batchAccuracy, model));
        if (activations != null && activationsSeen) {
            timed(trained, () -> activations.output(model));
        }
    }

    /** While the gradient is raw, and the parameters are those before the step. */
    @Override
    public void onGradientCalculation(Model trained) {
        timed(trained, () -> {
            penalty = layout.penalised() ? model.penalty() : 0;
            statistics.gradient(model);
        });
        int iteration = model.iterations();
        if (Sampling.due(sampling.histograms(), iteration)) {
            timed(trained, () -> {
                Histograms.Builder record = statistics
                        .histograms(model)
                        .setIteration(iteration)
                        .setEpoch(model.epochs())
                        .setDropped(publisher.droppedHistograms());
                publisher.offerHistograms(records.histograms(record));
            });
        }
    }

    /** When the gradient's memory holds the update that was applied. */
    @Override
    public void iterationDone(Model trained, int iteration, int epoch) {
        long begin = System.nanoTime();
        iterations++;
        lastIteration = iteration;
        boolean offered = guarded(() -> {
            check(trained);
            publish(iteration, epoch, begin);
        });
        if (!offered) {
            publisher.lost();
        }
        stepNanos = 0;
        probeNanos = 0;
        lastDoneNanos = System.nanoTime();
        timed = true;
        CommandLink link = commands;
        if (link != null && !link.isBetweenSteps()) {
            obeyCommands();
        }
    }

    private void publish(int iteration, int epoch, long begin) {
        Iteration.Builder record = Iteration.newBuilder()
                .setIteration(iteration)
                .setEpoch(epoch)
                .setLoss((float) (model.score() - penalty))
                .setDropped(publisher.dropped());
        statistics.update(model, record);
        Float right = accuracy;
        if (right != null) {
            record.setAccuracy(right);
        }
        learningRate.at(iteration, epoch).ifPresent(rate -> record.setLearningRate((float) rate));
        attachSamples(record);
        long now = System.nanoTime();
        if (timed) {
            record.setIterationMs(Math.max(0, now - lastDoneNanos - probeNanos) / 1e6f);
        }
        record.setTelemetryMs((stepNanos + now - begin) / 1e6f);
        publisher.offer(records.iteration(record));
    }

    private void attachSamples(Iteration.Builder record) {
        if (curvature != null) {
            record.setCurvature(curvature);
            curvature = null;
        }
        if (shattering != null) {
            record.setShattering(shattering);
            shattering = null;
        }
        if (activations != null && activationsSeen) {
            activationsSeen = false;
            guarded(() -> record.setActivations(activations.statistics()));
        }
        Resources newest = resources == null ? null : resources.take();
        if (newest != null) {
            record.setResources(newest);
        }
    }

    private void timed(Model trained, Runnable step) {
        long begin = System.nanoTime();
        guarded(() -> {
            check(trained);
            step.run();
        });
        stepNanos += System.nanoTime() - begin;
    }

    @SuppressWarnings("ReferenceEquality") // the same object is meant
    private void check(Model trained) {
        if (trained != model.model()) {
            throw new IllegalStateException(
                    "the listener was started for another model than the one that it is added to");
        }
    }

    /** Telemetry never hurts training: whatever fails here is counted and logged, not thrown. */
    private boolean guarded(Runnable step) {
        try {
            step.run();
            return true;
        } catch (RuntimeException | LinkageError | AssertionError e) {
            failed(e);
            return false;
        }
    }

    private void failed(Throwable e) {
        failures.incrementAndGet();
        log.warn("telemetry failed, training goes on: " + e, e);
    }
}
