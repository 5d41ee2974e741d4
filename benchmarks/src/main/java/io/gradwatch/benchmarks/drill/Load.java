package io.gradwatch.benchmarks.drill;

import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.listener.TelemetryBuilder;
import io.gradwatch.listener.publish.Delivery;
import io.gradwatch.listener.publish.ProducerSettings;
import io.gradwatch.listener.publish.Publisher;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A run that nobody trains: so many iterations a second from a thread of its own, through the listener's own publisher.
 * Any thread.
 */
final class Load implements AutoCloseable {
    static final int LAYERS = 8;

    private final String run;
    private final Publisher publisher;
    private final RunStarted started;
    private final double perSecond;
    private final Random random = new Random(1);
    private final Thread thread;
    private volatile boolean over;
    private volatile long offered;

    private Load(String bootstrap, String run, double perSecond) {
        this.run = run;
        this.perSecond = perSecond;
        this.started = started(run);
        this.publisher = Publisher.toKafka(
                ProducerSettings.over(Map.of("bootstrap.servers", bootstrap)),
                envelope(run).setRunStarted(started).build(),
                TelemetryBuilder.DEFAULT_QUEUE_CAPACITY);
        this.thread = new Thread(this::run, "load-" + run);
        thread.setDaemon(true);
    }

    static Load start(String bootstrap, String run, double perSecond) {
        Load load = new Load(bootstrap, run, perSecond);
        load.thread.start();
        return load;
    }

    private void run() {
        long begun = System.nanoTime();
        for (long i = 0; !over; i++) {
            publisher.offer(envelope(run).setIteration(iteration(random, i)).build());
            offered = i + 1;
            long due = begun + (long) ((i + 1) * 1e9 / perSecond);
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    String id() {
        return run;
    }

    /** Iterations so far, dropped ones too. */
    long offered() {
        return offered;
    }

    long dropped() {
        return publisher.dropped();
    }

    /** Ends the run; what came of it. */
    Delivery end(Duration patience) throws InterruptedException {
        over = true;
        thread.join();
        return publisher.close(
                patience,
                () -> envelope(run)
                        .setRunEnded(RunEnded.newBuilder()
                                .setStarted(started)
                                .setOutcome(RunEnded.Outcome.FINISHED)
                                .setEndedAtMs(System.currentTimeMillis())
                                .setIterations(offered)
                                .setDropped(publisher.dropped()))
                        .build());
    }

    static Envelope.Builder envelope(String run) {
        return Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(run)
                .setAttempt(1)
                .setProducedAtMs(System.currentTimeMillis());
    }

    static RunStarted started(String name) {
        RunStarted.Builder started = RunStarted.newBuilder()
                .setName(name)
                .setPreset("drill")
                .setStartedAtMs(System.currentTimeMillis())
                .setBatchSize(16);
        for (int i = 0; i < LAYERS; i++) {
            started.addLayers(Layer.newBuilder()
                    .setIndex(i)
                    .setName("conv" + i)
                    .setType("conv2d")
                    .setMainPath(true));
        }
        return started.build();
    }

    static Iteration iteration(Random random, long number) {
        LayerStatistics.Builder layers = LayerStatistics.newBuilder();
        for (int layer = 0; layer < LAYERS; layer++) {
            float gradient = (float) (0.01 * (1 + 0.2 * random.nextGaussian()));
            layers.addMeanAbs(gradient)
                    .addL2(gradient * 96)
                    .addMaxAbs(gradient * 7)
                    .addZeroFraction(0.01f);
            layers.addParameterL2(5).addUpdateRatio(1e-3f);
        }
        return Iteration.newBuilder()
                .setIteration(number)
                .setBatchSize(16)
                .setLoss((float) (4.6 * Math.exp(-number / 5000.0) + 0.05 * random.nextGaussian()))
                .setAccuracy(random.nextFloat())
                .setLearningRate(0.001f)
                .setIterationMs(20)
                .setTelemetryMs(0.1f)
                .setLayers(layers)
                .build();
    }

    @Override
    public void close() {
        over = true;
    }
}
