package io.gradwatch.experiments.run;

import io.gradwatch.experiments.data.Augmentation;
import io.gradwatch.experiments.data.Cifar100;
import io.gradwatch.experiments.data.ImageData;
import io.gradwatch.experiments.layers.NativeBackend;
import io.gradwatch.experiments.network.Preset;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.TransferLearning;

/**
 * A program that trains vgg08-bn on CIFAR-100 in a way that {@code train} has no option for: with its first three layers frozen
 * ({@code frozen}), or with a learning rate that drops to a tenth in iteration 600 ({@code lr-drop}). So were the runs
 * {@code frozen} and {@code lr-drop} of telemetry's test resources recorded.
 *
 * <p>Arguments: what, host:port of Kafka, folder of CIFAR-100.
 */
final class RecordUnusualRun {
    private static final int ITERATIONS = 800;
    private static final int DROP_AT = 600;
    private static final String LAST_FROZEN = "stage1.reduction.bn2";

    private RecordUnusualRun() {}

    public static void main(String[] arguments) throws Exception {
        String what = arguments[0];
        NativeBackend backend = NativeBackend.start(2);
        Preset preset = Preset.named("vgg08-bn");
        TrainingSettings settings = new TrainingSettings(
                preset.name(),
                preset.spec(),
                100,
                OptionalLong.of(ITERATIONS),
                100,
                preset.learningRate(),
                LearningRateSchedule.CONSTANT,
                0,
                0,
                new Augmentation(true, 0),
                1);
        ImageData data = new Cifar100().load(Path.of(arguments[2]), 0);
        RunDescription description = new RunDescription(
                RunNames.newId(Instant.now(), preset.name(), ThreadLocalRandom.current()),
                what,
                List.of(),
                settings,
                data,
                Map.of("threads", "2"),
                Provenance.versions(backend));
        ComputationGraph built = settings.buildNetwork();
        ComputationGraph network = what.equals("frozen")
                ? new TransferLearning.GraphBuilder(built)
                        .setFeatureExtractor(LAST_FROZEN)
                        .build()
                : built;
        RunTelemetry telemetry = KafkaTelemetry.factory(Map.of("bootstrap.servers", arguments[1]))
                .start(description, network, 1);
        RunProgress progress = new RunProgress() {
            @Override
            public void iterationDone(long iterations, int epoch, double loss, double accuracy, long dropped) {
                if (iterations % 50 == 0) {
                    System.out.printf("%d loss %.3f%n", iterations, loss);
                }
                if (what.equals("lr-drop") && iterations == DROP_AT) {
                    network.setLearningRate(preset.learningRate() / 10);
                }
            }

            @Override
            public void epochEnded(EpochSummary summary) {}

            @Override
            public void ended(RunOutcome outcome, long iterations, String summary) {
                System.out.println(outcome + " " + summary);
            }
        };
        new TrainingRun(settings, data, network, telemetry, progress, new StopSignal()).run();
        System.exit(0);
    }
}
