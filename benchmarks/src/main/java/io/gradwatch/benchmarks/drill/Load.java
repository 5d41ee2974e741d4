package io.gradwatch.benchmarks.drill;

import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.BatchNorm;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.Summary;
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
    /**
     * What a record tells of.
     *
     * @param layers with weights
     * @param batchNorms at most as many
     */
    record Shape(int layers, int batchNorms) {
        /** A network on which only what happens to its records matters. */
        static final Shape SMALL = new Shape(8, 0);

        /** As large as the paper's vgg38 with batch normalisation. */
        static final Shape DEEP = new Shape(38, 37);
    }

    private final String run;
    private final Shape shape;
    private final Publisher publisher;
    private final RunStarted started;
    private final double perSecond;
    private final Random random = new Random(1);
    private final Thread thread;
    private volatile boolean over;
    private volatile long offered;

    private Load(String bootstrap, String run, double perSecond, Shape shape) {
        this.run = run;
        this.shape = shape;
        this.perSecond = perSecond;
        this.started = started(run, shape);
        this.publisher = Publisher.toKafka(
                ProducerSettings.over(Map.of("bootstrap.servers", bootstrap)),
                envelope(run).setRunStarted(started).build(),
                TelemetryBuilder.DEFAULT_QUEUE_CAPACITY);
        this.thread = new Thread(this::run, "load-" + run);
        thread.setDaemon(true);
    }

    static Load start(String bootstrap, String run, double perSecond) {
        return start(bootstrap, run, perSecond, Shape.SMALL);
    }

    static Load start(String bootstrap, String run, double perSecond, Shape shape) {
        Load load = new Load(bootstrap, run, perSecond, shape);
        load.thread.start();
        return load;
    }

    private void run() {
        long begun = System.nanoTime();
        for (long i = 0; !over; i++) {
            publisher.offer(
                    envelope(run).setIteration(iteration(random, i, shape)).build());
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
        return started(name, Shape.SMALL);
    }

    private static RunStarted started(String name, Shape shape) {
        RunStarted.Builder started = RunStarted.newBuilder()
                .setName(name)
                .setPreset("drill")
                .setStartedAtMs(System.currentTimeMillis())
                .setBatchSize(16);
        for (int i = 0; i < shape.layers(); i++) {
            started.addLayers(Layer.newBuilder()
                    .setIndex(i)
                    .setName("conv" + i)
                    .setType("conv2d")
                    .setMainPath(true));
        }
        for (int i = 0; i < shape.batchNorms(); i++) {
            started.addBatchNorms(BatchNorm.newBuilder()
                    .setIndex(i)
                    .setName("bn" + i)
                    .setLayer(i)
                    .setChannels(32));
        }
        return started.build();
    }

    static Iteration iteration(Random random, long number) {
        return iteration(random, number, Shape.SMALL);
    }

    private static Iteration iteration(Random random, long number, Shape shape) {
        LayerStatistics.Builder layers = LayerStatistics.newBuilder();
        for (int layer = 0; layer < shape.layers(); layer++) {
            float gradient = (float) (0.01 * (1 + 0.2 * random.nextGaussian()));
            layers.addMeanAbs(gradient)
                    .addL2(gradient * 96)
                    .addMaxAbs(gradient * 7)
                    .addZeroFraction(0.01f);
            layers.addParameterL2(5).addUpdateRatio(1e-3f);
        }
        Iteration.Builder iteration = Iteration.newBuilder()
                .setIteration(number)
                .setBatchSize(16)
                .setLoss((float) (4.6 * Math.exp(-number / 5000.0) + 0.05 * random.nextGaussian()))
                .setAccuracy(random.nextFloat())
                .setLearningRate(0.001f)
                .setIterationMs(20)
                .setTelemetryMs(0.1f)
                .setLayers(layers);
        if (shape.batchNorms() > 0) {
            iteration.setBatchNorms(batchNorms(random, shape.batchNorms()));
        }
        return iteration.build();
    }

    private static BatchNormStatistics.Builder batchNorms(Random random, int number) {
        Summary.Builder near1 = Summary.newBuilder();
        Summary.Builder near0 = Summary.newBuilder();
        BatchNormStatistics.Builder all = BatchNormStatistics.newBuilder();
        for (int i = 0; i < number; i++) {
            float noise = (float) (0.1 * random.nextGaussian());
            near1.addMean(1 + noise).addMin(0.5f + noise).addMax(1.5f + noise);
            near0.addMean(noise).addMin(noise - 0.5f).addMax(noise + 0.5f);
            all.addDrift(Math.abs(noise));
        }
        return all.setGamma(near1)
                .setBeta(near0)
                .setBatchMean(near0)
                .setBatchVariance(near1)
                .setRunningMean(near0)
                .setRunningVariance(near1);
    }

    @Override
    public void close() {
        over = true;
    }
}
