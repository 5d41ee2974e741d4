package io.gradwatch.telemetry.drill;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.BatchNorm;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.Summary;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A long run that nobody trained, sent as fast as the broker takes it: six statistics of each layer, ten values of each BN
 * layer, five scalars, with spikes, NaN and infinities here and there. The same arguments make the same values.
 */
final class LoadRun {
    private static final int PER_EPOCH = 475;
    private static final int NOISE = 1 << 12;

    private final Shape shape;
    private final KafkaProducer<byte[], byte[]> producer;
    private final SplittableRandom random = new SplittableRandom(4);
    private final float[] noise = new float[NOISE];
    private final float[] base;
    private final AtomicLong failures = new AtomicLong();

    /** How large a run is. */
    record Shape(String id, long iterations, int layers, int batchNorms) {
        /** Floats on the wire for one iteration. */
        int valuesPerIteration() {
            return 6 * layers + 10 * batchNorms + 5;
        }

        long values() {
            return iterations * valuesPerIteration();
        }
    }

    private LoadRun(Shape shape, KafkaProducer<byte[], byte[]> producer) {
        this.shape = shape;
        this.producer = producer;
        for (int i = 0; i < NOISE; i++) {
            noise[i] = (float) (1 + 0.2 * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5));
        }
        base = new float[shape.layers];
        for (int layer = 0; layer < shape.layers; layer++) {
            base[layer] = (float) Math.pow(10, -2 - 0.1 * (shape.layers - layer));
        }
    }

    /** Sends the whole run and waits until the broker has it. */
    static void send(String bootstrap, Shape shape) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrap,
                "acks",
                "all",
                "enable.idempotence",
                true,
                "linger.ms",
                5,
                "batch.size",
                256 << 10,
                "compression.type",
                "lz4",
                "delivery.timeout.ms",
                120_000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            new LoadRun(shape, producer).send();
        }
    }

    private void send() {
        send(Topic.RUNS, envelope(0).setRunStarted(started()).build());
        producer.flush();
        for (long i = 0; i < shape.iterations; i++) {
            send(Topic.ITERATIONS, envelope(i).setIteration(iteration(i)).build());
            if (i % PER_EPOCH == PER_EPOCH - 1) {
                float validation = (float) (4.6 * Math.exp(-(double) i / shape.iterations));
                Epoch epoch = Epoch.newBuilder()
                        .setEpoch((int) (i / PER_EPOCH))
                        .setIteration(i)
                        .setValidationLoss(validation)
                        .setValidationAccuracy(1 - validation / 4.61f)
                        .build();
                send(Topic.EPOCHS, envelope(i).setEpoch(epoch).build());
            }
        }
        RunEnded end = RunEnded.newBuilder()
                .setStarted(started())
                .setOutcome(RunEnded.Outcome.FINISHED)
                .setEndedAtMs(timeOf(shape.iterations))
                .setIterations(shape.iterations)
                .build();
        send(Topic.RUNS, envelope(shape.iterations).setRunEnded(end).build());
        producer.flush();
        if (failures.get() > 0) {
            throw new IllegalStateException(failures.get() + " records were not taken");
        }
    }

    private void send(Topic topic, Envelope envelope) {
        var unused = producer.send(
                new ProducerRecord<>(
                        topic.topicName(), WireFormat.key(envelope.getRunId()), WireFormat.encode(envelope)),
                (metadata, problem) -> {
                    if (problem != null) {
                        failures.incrementAndGet();
                    }
                });
    }

    private Envelope.Builder envelope(long iteration) {
        return Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(shape.id)
                .setAttempt(1)
                .setProducedAtMs(timeOf(iteration));
    }

    private static long timeOf(long iteration) {
        return 1_790_000_000_000L + 100 * iteration;
    }

    private RunStarted started() {
        RunStarted.Builder started = RunStarted.newBuilder()
                .setName(shape.id)
                .setPreset("load")
                .setStartedAtMs(timeOf(0))
                .setBatchSize(100)
                .setClasses(100)
                .setPlannedIterations(shape.iterations)
                .setIterationsPerEpoch(PER_EPOCH);
        for (int i = 0; i < shape.layers; i++) {
            started.addLayers(Layer.newBuilder()
                    .setIndex(i)
                    .setName("conv" + i)
                    .setType("conv2d")
                    .setMainPath(true));
        }
        for (int i = 0; i < shape.batchNorms; i++) {
            started.addBatchNorms(BatchNorm.newBuilder()
                    .setIndex(i)
                    .setName("bn" + i)
                    .setLayer(i)
                    .setChannels(32));
        }
        return started.build();
    }

    private Iteration iteration(long i) {
        double progress = (double) i / shape.iterations;
        Iteration.Builder iteration = Iteration.newBuilder()
                .setIteration(i)
                .setEpoch((int) (i / PER_EPOCH))
                .setBatchSize(100)
                .setLoss((float) (4.6 * Math.exp(-2 * progress)) * next())
                .setAccuracy((float) (0.4 * progress) * next())
                .setLearningRate(0.001f)
                .setIterationMs(100 * next())
                .setTelemetryMs(0.3f * next())
                .setLayers(layers(i));
        if (shape.batchNorms > 0) {
            iteration.setBatchNorms(batchNorms());
        }
        return iteration.build();
    }

    private LayerStatistics.Builder layers(long i) {
        LayerStatistics.Builder l = LayerStatistics.newBuilder();
        // rare, and never at the same place in every layer
        int odd = i % 1_999 == 1_998 ? (int) (i / 1_999 % shape.layers) : -1;
        for (int layer = 0; layer < shape.layers; layer++) {
            float g = base[layer] * next();
            if (layer == odd) {
                g = switch ((int) (i % 3)) {
                    case 0 -> Float.NaN;
                    case 1 -> Float.POSITIVE_INFINITY;
                    default -> g * 1e4f;
                };
            }
            l.addMeanAbs(g).addL2(g * 96 * next()).addMaxAbs(g * 7 * next());
            l.addZeroFraction(0.01f * next());
            l.addParameterL2(5 * next()).addUpdateRatio(1e-3f * next());
        }
        return l;
    }

    private BatchNormStatistics.Builder batchNorms() {
        Summary.Builder gamma = Summary.newBuilder();
        Summary.Builder beta = Summary.newBuilder();
        Summary.Builder batchMean = Summary.newBuilder();
        Summary.Builder batchVariance = Summary.newBuilder();
        Summary.Builder runningMean = Summary.newBuilder();
        Summary.Builder runningVariance = Summary.newBuilder();
        BatchNormStatistics.Builder b = BatchNormStatistics.newBuilder();
        for (int bn = 0; bn < shape.batchNorms; bn++) {
            gamma.addMean(next()).addMin(next() - 0.8f).addMax(next() + 0.8f);
            beta.addMean(next() - 1);
            batchMean.addMean(next() - 1);
            batchVariance.addMean(next()).addMax(2 * next());
            runningMean.addMean(next() - 1);
            runningVariance.addMean(next());
            b.addDrift(0.1f * next());
        }
        return b.setGamma(gamma)
                .setBeta(beta)
                .setBatchMean(batchMean)
                .setBatchVariance(batchVariance)
                .setRunningMean(runningMean)
                .setRunningVariance(runningVariance);
    }

    private float next() {
        return noise[random.nextInt(NOISE)] + 1e-6f * random.nextInt(1 << 16);
    }
}
