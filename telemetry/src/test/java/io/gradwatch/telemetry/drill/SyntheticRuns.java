package io.gradwatch.telemetry.drill;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.contract.v1.BatchNorm;
import io.gradwatch.contract.v1.BatchNormStatistics;
import io.gradwatch.contract.v1.Curvature;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Histogram;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.Resources;
import io.gradwatch.contract.v1.Result;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.contract.v1.Shattering;
import io.gradwatch.contract.v1.Summary;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends runs that nobody trains: 38 layers, 37 BN layers, every other one with a vanishing gradient. Arguments: bootstrap,
 * number of runs, iterations of each, iterations per second of each (0: as fast as it goes), prefix of the run ids, and
 * what else: {@code samples} (curvature, shattering and activations every 20th iteration, resources every 10th, histograms
 * every 100th), {@code resume} (killed after three quarters, resumed from the half).
 */
public final class SyntheticRuns {
    private static final int LAYERS = 38;
    private static final int BATCH_NORMS = 37;
    private static final int PER_EPOCH = 500;

    private final Random random = new Random(1);
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong failures = new AtomicLong();
    private boolean samples;
    private int attempt = 1;

    private SyntheticRuns(KafkaProducer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    public static void main(String[] a) throws Exception {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                a[0],
                "acks",
                "all",
                "enable.idempotence",
                true,
                "linger.ms",
                5,
                "compression.type",
                "lz4",
                "delivery.timeout.ms",
                120_000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            new SyntheticRuns(producer)
                    .send(
                            Integer.parseInt(a[1]),
                            Long.parseLong(a[2]),
                            Double.parseDouble(a[3]),
                            a.length > 4 ? a[4] : "run",
                            Set.of(Arrays.copyOfRange(a, Math.min(a.length, 5), a.length)));
        }
    }

    private void send(int runs, long iterations, double perSecond, String prefix, Set<String> more) throws Exception {
        samples = more.contains("samples");
        if (more.contains("resume")) {
            attempt(runs, 0, iterations * 3 / 4, perSecond, prefix);
            attempt = 2;
            attempt(runs, iterations / 2, iterations, perSecond, prefix);
        } else {
            attempt(runs, 0, iterations, perSecond, prefix);
        }
        for (int run = 0; run < runs; run++) {
            RunEnded end = RunEnded.newBuilder()
                    .setStarted(started(prefix + run))
                    .setOutcome(RunEnded.Outcome.FINISHED)
                    .setEndedAtMs(System.currentTimeMillis())
                    .setIterations(iterations)
                    .setResult(Result.newBuilder()
                            .setBestEpoch(1)
                            .setValidationAccuracy(0.42f)
                            .setTestAccuracy(0.4321f)
                            .setTestLoss(2.2f))
                    .build();
            send(Topic.RUNS, envelope(prefix + run).setRunEnded(end));
        }
        producer.flush();
    }

    private void attempt(int runs, long from, long to, double perSecond, String prefix) throws Exception {
        for (int run = 0; run < runs; run++) {
            producer.send(record(Topic.RUNS, envelope(prefix + run).setRunStarted(started(prefix + run))))
                    .get();
        }
        long begun = System.nanoTime();
        for (long i = from; i < to; i++) {
            for (int run = 0; run < runs; run++) {
                send(Topic.ITERATIONS, envelope(prefix + run).setIteration(iteration(i, run % 2 == 0)));
                if (samples && i % 100 == 0) {
                    send(Topic.HISTOGRAMS, envelope(prefix + run).setHistograms(histograms(i)));
                }
                if (i % PER_EPOCH == PER_EPOCH - 1) {
                    Epoch epoch = Epoch.newBuilder()
                            .setEpoch((int) (i / PER_EPOCH))
                            .setIteration(i)
                            .setValidationAccuracy(random.nextFloat())
                            .build();
                    send(Topic.EPOCHS, envelope(prefix + run).setEpoch(epoch));
                }
            }
            if (perSecond > 0) {
                long due = begun + (long) ((i - from + 1) * 1e9 / perSecond);
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
        producer.flush();
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                "sent %d iterations of %d runs in %.1f s (%.0f/s), %d failed%n",
                (to - from) * runs, runs, seconds, (to - from) * runs / seconds, failures.get());
    }

    private void send(Topic topic, Envelope.Builder envelope) {
        var unused = producer.send(record(topic, envelope), (metadata, problem) -> {
            if (problem != null) {
                failures.incrementAndGet();
            }
        });
    }

    private static ProducerRecord<byte[], byte[]> record(Topic topic, Envelope.Builder envelope) {
        return new ProducerRecord<>(
                topic.topicName(), WireFormat.key(envelope.getRunId()), WireFormat.encode(envelope.build()));
    }

    private Envelope.Builder envelope(String runId) {
        return Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(runId)
                .setAttempt(attempt)
                .setProducedAtMs(System.currentTimeMillis());
    }

    private static RunStarted started(String name) {
        RunStarted.Builder started = RunStarted.newBuilder()
                .setName(name)
                .setPreset("synthetic")
                .setStartedAtMs(System.currentTimeMillis())
                .setBatchSize(16)
                .setIterationsPerEpoch(PER_EPOCH);
        for (int i = 0; i < LAYERS; i++) {
            started.addLayers(Layer.newBuilder()
                    .setIndex(i)
                    .setName("conv" + i)
                    .setType("conv2d")
                    .setMainPath(true));
        }
        for (int i = 0; i < BATCH_NORMS; i++) {
            started.addBatchNorms(BatchNorm.newBuilder()
                    .setIndex(i)
                    .setName("bn" + i)
                    .setLayer(i)
                    .setChannels(32));
        }
        return started.build();
    }

    private Iteration iteration(long i, boolean vanishing) {
        LayerStatistics.Builder l = LayerStatistics.newBuilder();
        for (int layer = 0; layer < LAYERS; layer++) {
            double decades = vanishing ? -0.4 * (LAYERS - layer) : -0.02 * (LAYERS - layer);
            float g = (float) (Math.pow(10, decades - 2) * (1 + 0.2 * random.nextGaussian()));
            l.addMeanAbs(g).addL2(g * 96).addMaxAbs(g * 7).addZeroFraction(0.01f);
            l.addParameterL2(5).addUpdateRatio(1e-3f);
        }
        BatchNormStatistics.Builder b = BatchNormStatistics.newBuilder();
        Summary.Builder summary = Summary.newBuilder();
        for (int bn = 0; bn < BATCH_NORMS; bn++) {
            float v = random.nextFloat();
            summary.addMean(v).addMin(v - 1).addMax(v + 1);
            b.addDrift(v / 10);
        }
        b.setGamma(summary).setBeta(summary).setBatchMean(summary);
        b.setBatchVariance(summary).setRunningMean(summary).setRunningVariance(summary);
        Iteration.Builder iteration = Iteration.newBuilder()
                .setIteration(i)
                .setEpoch((int) (i / PER_EPOCH))
                .setBatchSize(16)
                .setLoss((float) (4.6 * Math.exp(-i / 5000.0) + 0.05 * random.nextGaussian()))
                .setAccuracy(random.nextFloat())
                .setLearningRate(0.001f)
                .setIterationMs(20)
                .setTelemetryMs(0.1f)
                .setLayers(l)
                .setBatchNorms(b);
        if (samples) {
            sample(iteration, i);
        }
        return iteration.build();
    }

    private void sample(Iteration.Builder iteration, long i) {
        if (i % 10 == 0) {
            iteration.setResources(Resources.newBuilder()
                    .setProcessCpu(1.8f + 0.1f * random.nextFloat())
                    .setSystemCpu(0.95f)
                    .setHeapBytes(300_000_000 + random.nextInt(200_000_000))
                    .setResidentBytes(2_400_000_000L)
                    .setNativeBytes(1_500_000_000));
        }
        if (i % 20 != 0) {
            return;
        }
        double square = 0.01 * Math.exp(-i / 4000.0) * (1 + 0.2 * random.nextGaussian());
        double predicted = -0.05 * square + 0.00125 * square * 12;
        iteration.setCurvature(Curvature.newBuilder()
                .setStep(0.05f)
                .setGradientSquare(square)
                .setGradientCurvature(12 * square)
                .setPredictedChange(predicted)
                .setActualChange(predicted * (1 + 0.1 * random.nextGaussian()))
                .setCostMs(60));
        Shattering.Builder shattering = Shattering.newBuilder()
                .setCorrelation((float) Math.exp(-i / 3000.0))
                .setCostMs(40);
        ActivationStatistics.Builder activations = ActivationStatistics.newBuilder();
        for (int layer = 0; layer < LAYERS; layer++) {
            float negative = 0.5f + 0.2f * (float) Math.sin(layer / 5.0 + i / 2000.0);
            shattering.addLayerCorrelation(0.9f - 0.02f * layer);
            activations.addMean(0.4f).addStandardDeviation(0.6f);
            activations.addNegativeFraction(layer == LAYERS - 1 ? Float.NaN : negative);
            activations.addOneSidedFraction(layer == LAYERS - 1 ? Float.NaN : negative / 10);
        }
        iteration.setShattering(shattering).setActivations(activations);
    }

    private Histograms histograms(long i) {
        Histograms.Builder all = Histograms.newBuilder().setIteration(i).setEpoch((int) (i / PER_EPOCH));
        for (int layer = 0; layer < LAYERS; layer++) {
            Histogram.Builder one = Histogram.newBuilder().setFirstBin(30).setZeros(random.nextInt(10));
            for (int bin = 0; bin < 16; bin++) {
                one.addCounts(random.nextInt(1_000));
            }
            all.addGradients(one).addParameters(one);
        }
        return all.build();
    }
}
