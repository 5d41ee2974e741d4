package io.gradwatch.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gradwatch.experiments.network.Activation;
import io.gradwatch.experiments.network.Architecture;
import io.gradwatch.experiments.network.Initialisation;
import io.gradwatch.experiments.network.NetworkSpec;
import io.gradwatch.experiments.network.Normalisation;
import io.gradwatch.experiments.network.Preset;
import io.gradwatch.experiments.network.Skip;
import io.gradwatch.experiments.run.LearningRateSchedule;
import io.gradwatch.experiments.run.SamplingPlan;
import io.gradwatch.experiments.run.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class TrainOptionsTest {
    @TempDir
    Path home;

    @Test
    void takesEverythingFromThePresetThatIsNotGiven() throws UsageException {
        TrainOptions.Request request = read("vgg38-bn-resnet", "--kafka", "none");

        Preset preset = Preset.named("vgg38-bn-resnet");
        assertThat(request.settings().spec()).isEqualTo(preset.spec());
        assertThat(request.settings().batchSize()).isEqualTo(512);
        assertThat(request.settings().learningRate()).isEqualTo(0.001);
        assertThat(request.settings().epochs()).isEqualTo(100);
        assertThat(request.settings().iterations()).isEmpty();
        assertThat(request.settings().schedule()).isEqualTo(LearningRateSchedule.COSINE);
        assertThat(request.name()).isEqualTo("vgg38-bn-resnet");
        assertThat(request.kafka().isNone()).isTrue();
        assertThat(request.data()).isInstanceOf(DataChoice.Synthetic.class);
    }

    @Test
    void measuresNowAndThenWhatIsAskedForAndRecordsIt() throws UsageException {
        assertThat(read("vgg08", "--kafka", "none").sampling()).isEqualTo(new SamplingPlan(0, 0, 0, 0));
        SamplingPlan plan = read(
                        "vgg08",
                        "--kafka=none",
                        "--histograms-every=10",
                        "--activations-every=20",
                        "--curvature-every=300",
                        "--shattering-every=0")
                .sampling();
        assertThat(plan).isEqualTo(new SamplingPlan(10, 20, 300, 0));
        assertThat(plan.toOptions())
                .containsOnly(
                        Map.entry("histograms-every", "10"),
                        Map.entry("activations-every", "20"),
                        Map.entry("curvature-every", "300"));
        assertThat(SamplingPlan.of(plan.toOptions())).isEqualTo(plan);
    }

    @Test
    void takesWhatIsGiven() throws UsageException {
        TrainOptions.Request request = read(
                "vgg08",
                "--epochs",
                "3",
                "--iterations=70",
                "--batch",
                "16",
                "--lr",
                "1e-2",
                "--schedule",
                "constant",
                "--weight-decay",
                "1e-4",
                "--seed",
                "-5",
                "--filters",
                "8",
                "--init",
                "he",
                "--activation",
                "sigmoid",
                "--augment",
                "off",
                "--noise",
                "0",
                "--validate-every",
                "0",
                "--data",
                "synthetic",
                "--name",
                "mine",
                "--tag",
                "a",
                "--tag",
                "b",
                "--kafka",
                "one:9092,two:9093",
                "--threads",
                "2");

        assertThat(request.settings().iterations()).isEqualTo(OptionalLong.of(70));
        assertThat(request.settings().spec().filters()).isEqualTo(8);
        assertThat(request.settings().spec().initialisation()).isEqualTo(Initialisation.HE);
        assertThat(request.settings().toOptions())
                .containsEntry("preset", "vgg08")
                .containsEntry("epochs", "3")
                .containsEntry("iterations", "70")
                .containsEntry("batch", "16")
                .containsEntry("lr", "0.01")
                .containsEntry("schedule", "constant")
                .containsEntry("weight-decay", "1.0E-4")
                .containsEntry("seed", "-5")
                .containsEntry("filters", "8")
                .containsEntry("init", "he")
                .containsEntry("activation", "sigmoid")
                .containsEntry("augment", "off")
                .containsEntry("noise", "0.0")
                .containsEntry("validate-every", "0");
        assertThat(request.name()).isEqualTo("mine");
        assertThat(request.tags()).containsExactly("a", "b");
        assertThat(request.kafka().bootstrap()).isEqualTo("one:9092,two:9093");
        assertThat(request.kafka().mustAnswer()).isTrue();
        assertThat(request.threads()).isEqualTo(2);
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() {
        List<String> problems = problems(
                "vgg9",
                "--epochs",
                "many",
                "--batch",
                "0",
                "--lr",
                "-0.1",
                "--weight-decay",
                "NaN",
                "--init",
                "zero",
                "--noise",
                "2",
                "--augment",
                "yes",
                "--data",
                home.resolve("nowhere").toString(),
                "--kafka",
                "broker",
                "--tag",
                " ",
                "--seed",
                "1.5");

        assertThat(problems).hasSize(12);
        assertThat(problems).anySatisfy(p -> assertThat(p).startsWith("unknown preset \"vgg9\": accepted are vgg08"));
        assertThat(problems)
                .contains(
                        "--epochs many: accepted are whole numbers from 1 to 100000",
                        "--batch 0: accepted are whole numbers from 1 to 10000",
                        "--lr -0.1: accepted are numbers above 0, at most 100",
                        "--weight-decay NaN: accepted are numbers from 0 to 100",
                        "--init zero: accepted are uniform, xavier, he",
                        "--noise 2: accepted are numbers from 0 to 1",
                        "--augment yes: accepted are on, off",
                        "--kafka broker: \"broker\" is no address; accepted is HOST:PORT, several separated by commas, or none"
                                + " to train without telemetry");
        assertThat(problems)
                .anySatisfy(
                        p -> assertThat(p).contains("nowhere does not exist", "train.bin", "test.bin", "synthetic"));
    }

    @Nested
    class Network {
        @Test
        void takesEveryPartOfItThatIsGiven() throws UsageException {
            NetworkSpec spec = read(
                            "vgg38",
                            "--kafka=none",
                            "--depth-blocks=2",
                            "--filters=16",
                            "--bn=after",
                            "--skip=max",
                            "--activation=tanh",
                            "--init=xavier")
                    .settings()
                    .spec();

            assertThat(spec)
                    .isEqualTo(NetworkSpec.of(new Architecture.Vgg(2, Skip.MAX), 16)
                            .withNormalisation(Normalisation.AFTER)
                            .withActivation(Activation.TANH)
                            .withInitialisation(Initialisation.XAVIER));
            assertThat(architecture("highway", "--gate-bias=-1.5")).isEqualTo(new Architecture.Highway(5, -1.5));
            assertThat(architecture("densenet", "--growth=4", "--depth-blocks=2"))
                    .isEqualTo(new Architecture.DenseNet(2, 4));
            assertThat(architecture("wide-resnet", "--widen=3")).isEqualTo(new Architecture.WideResNet(2, 3));
            assertThat(architecture("resnext", "--cardinality=2")).isEqualTo(new Architecture.ResNeXt(2, 2));
        }

        @Test
        void isTheSameAgainFromTheRecordedOptions() throws UsageException {
            for (Preset preset : Preset.all()) {
                TrainingSettings settings = read(
                                preset.name(),
                                "--kafka=none",
                                "--depth-blocks=3",
                                "--filters=12",
                                "--init=he",
                                "--activation=relu",
                                "--bn=none",
                                "--iterations=7",
                                "--lr=0.03",
                                "--weight-decay=5e-4",
                                "--seed=-9")
                        .settings();

                assertThat(again(settings)).isEqualTo(settings);
                assertThat(again(read(preset.name(), "--kafka=none").settings()).spec())
                        .isEqualTo(preset.spec());
            }
        }

        @Test
        void isRefusedWhatItsFamilyDoesNotHave() {
            assertThat(problems("densenet", "--kafka=none", "--skip=max", "--widen=2"))
                    .containsExactly(
                            "--skip max: means nothing for a DenseNet; of the network, accepted are --depth-blocks,"
                                    + " --growth, --filters, --bn, --activation, --init",
                            "--widen 2: means nothing for a DenseNet; of the network, accepted are --depth-blocks,"
                                    + " --growth, --filters, --bn, --activation, --init");
            assertThat(problems("wide-resnet", "--kafka=none", "--bn=after"))
                    .singleElement()
                    .asString()
                    .contains("a Wide ResNet normalises what enters its layers; accepted are before and none");
            assertThat(problems("densenet", "--kafka=none", "--bn=entry"))
                    .singleElement()
                    .asString()
                    .contains("a DenseNet has it in all layers or in none; accepted are before, none");
            assertThat(problems("resnext", "--kafka=none", "--cardinality=5"))
                    .singleElement()
                    .asString()
                    .contains("filters 32 with cardinality 5: accepted are multiples of the cardinality");
            assertThat(problems("vgg08", "--kafka=none", "--skip=sum", "--bn=maybe", "--depth-blocks=65"))
                    .containsExactly(
                            "--depth-blocks 65: accepted are whole numbers from 0 to 64",
                            "--skip sum: accepted are none, conv, avg, max",
                            "--bn maybe: accepted are none, entry, before, after");
            assertThat(problems("densnet", "--kafka=none", "--growth=4"))
                    .singleElement()
                    .asString()
                    .startsWith("unknown preset \"densnet\": accepted are densenet, ");
            assertThat(problems("densenet", "--kafka=none", "--depth-blocks=0"))
                    .containsExactly("--depth-blocks 0: accepted are whole numbers from 1 to 64");
        }

        private Architecture architecture(String... arguments) throws UsageException {
            List<String> all = new ArrayList<>(List.of(arguments));
            all.add("--kafka=none");
            return read(all.toArray(new String[0])).settings().spec().architecture();
        }

        /** What a run recorded, given to {@code train} again. */
        private TrainingSettings again(TrainingSettings settings) throws UsageException {
            List<String> arguments = new ArrayList<>(List.of("--kafka=none"));
            settings.toOptions()
                    .forEach((name, value) -> arguments.add(name.equals("preset") ? value : "--" + name + "=" + value));
            return read(arguments.toArray(new String[0])).settings();
        }
    }

    @Nested
    class Data {
        @Test
        void isWhatIsInstalledUnderTheDataDirectory() throws UsageException, IOException {
            Path installed = home.resolve("datasets/cifar-100-binary");
            putFiles(installed);

            assertThat(read("vgg08", "--kafka", "none").data()).isEqualTo(new DataChoice.Cifar(installed));
        }

        @Test
        void isGeneratedWithAPlainNoteWhenNothingIsInstalled() throws UsageException {
            assertThat(read("vgg08", "--kafka", "none").data().announcement())
                    .startsWith("SYNTHETIC images")
                    .contains("no CIFAR-100 in " + home, "gradwatch data cifar-100");
        }

        @Test
        void mayBeNamedByTheFolderAboveToo() throws UsageException, IOException {
            putFiles(home.resolve("elsewhere/cifar-100-binary"));

            assertThat(read(
                                    "vgg08",
                                    "--kafka",
                                    "none",
                                    "--data",
                                    home.resolve("elsewhere").toString())
                            .data())
                    .isEqualTo(new DataChoice.Cifar(home.resolve("elsewhere/cifar-100-binary")));
        }

        private void putFiles(Path folder) throws IOException {
            Files.createDirectories(folder);
            Files.createFile(folder.resolve("train.bin"));
            Files.createFile(folder.resolve("test.bin"));
        }
    }

    @Nested
    class Kafka {
        @Test
        void mustBeSaid() {
            assertThat(problems("vgg08")).singleElement().asString().startsWith("--kafka is missing: accepted is");
        }

        @Test
        void comesFromTheEnvironment() throws UsageException {
            TrainOptions.Request request = read(Map.of("GRADWATCH_KAFKA", "localhost:9092"), "vgg08");

            assertThat(request.kafka().bootstrap()).isEqualTo("localhost:9092");
            assertThat(request.kafka().mustAnswer()).isTrue();
        }

        @Test
        void needNotAnswerYetWhenTheLauncherStartsItAtTheSameTime() throws UsageException {
            Map<String, String> child = Map.of("GRADWATCH_KAFKA", "localhost:9092", "GRADWATCH_CHILD", "1");

            assertThat(read(child, "vgg08").kafka().mustAnswer()).isFalse();
            assertThat(read(child, "vgg08", "--kafka", "other:9092").kafka().mustAnswer())
                    .isTrue();
        }

        @Test
        void takesPropertiesFromAFile() throws UsageException, IOException {
            Path file = Files.writeString(
                    home.resolve("kafka.properties"), "bootstrap.servers=secure:9093\nsecurity.protocol=SSL\n");

            assertThat(read("vgg08", "--kafka-config", file.toString()).kafka().properties())
                    .containsEntry("bootstrap.servers", "secure:9093")
                    .containsEntry("security.protocol", "SSL");
        }

        @Test
        void namesAFileThatCannotBeRead() {
            assertThat(problems("vgg08", "--kafka", "a:1", "--kafka-config", "/no/such.properties"))
                    .singleElement()
                    .asString()
                    .startsWith("--kafka-config /no/such.properties cannot be read");
        }
    }

    private TrainOptions.Request read(String... arguments) throws UsageException {
        return read(Map.of(), arguments);
    }

    private TrainOptions.Request read(Map<String, String> environment, String... arguments) throws UsageException {
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(arguments);
        holder.options.dataDir = home;
        return holder.options.read(environment);
    }

    private List<String> problems(String... arguments) {
        return catchThrowableOfType(UsageException.class, () -> read(arguments)).problems();
    }

    @Command
    private static final class Holder {
        @Mixin
        private final TrainOptions options = new TrainOptions();
    }
}
