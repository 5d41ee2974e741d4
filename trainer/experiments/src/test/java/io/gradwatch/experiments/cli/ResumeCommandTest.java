package io.gradwatch.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.experiments.checkpoint.CheckpointStore;
import io.gradwatch.experiments.checkpoint.RunDirectory;
import io.gradwatch.experiments.network.Preset;
import io.gradwatch.experiments.run.TrainingSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code train --resume}: what it refuses, and with which words. */
class ResumeCommandTest {
    @TempDir
    static Path template;

    @TempDir
    Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private CheckpointStore store = new CheckpointStore(Path.of(""));

    /** A finished run of two epochs of five steps, with a checkpoint of each. */
    @BeforeEach
    void makeRun() throws IOException {
        store = new CheckpointStore(home.resolve("checkpoints"));
        if (Files.notExists(template.resolve("checkpoints"))) {
            assertThat(train(
                            template,
                            "vgg08",
                            "--epochs=2",
                            "--lr=0.004",
                            "--filters=2",
                            "--batch=1000",
                            "--data=synthetic",
                            "--threads=2"))
                    .isZero();
            assertThat(out.toString())
                    .containsPattern("result: best epoch [12], validation loss .*, test loss .* acc ");
        }
        copy(template, home);
    }

    @Test
    void tellsTheResultOfARunThatHasReachedItsEnd() {
        assertThat(execute("--resume", "last")).isEqualTo(2);

        assertThat(err.toString())
                .contains("has reached its end (2 epochs done): result: best epoch ")
                .contains("test loss")
                .contains("more epochs are another run");
    }

    @Test
    void goesOnWithARunThatWasKilledAndNamesTheIteration() throws IOException {
        String id = forgetTheEnd();

        assertThat(execute("--resume", id.substring(0, 12))).as(err.toString()).isZero();

        assertThat(out.toString())
                .contains("run " + id + " goes on from ")
                .contains("iteration-10.zip")
                .contains("attempt 2 goes on after iteration 10, where only the test is left")
                .contains("run finished after 10 iterations: 2 epochs done")
                .contains("result: best epoch");
        assertThat(store.runs().get(0).manifest().attempt()).isEqualTo(2);
    }

    @Test
    void refusesOptionsThatTheRunHasAlready() throws IOException {
        forgetTheEnd();

        assertThat(execute(
                        "vgg38", "--resume", "last", "--lr", "0.1", "--epochs", "9", "--tag", "x", "--no-checkpoints"))
                .isEqualTo(2);

        assertThat(err.toString())
                .contains("vgg38 together with --resume: the run is of vgg08")
                .contains("--lr together with --resume: the run goes on with its own settings (0.004), leave it out")
                .contains("--epochs together with --resume: the learning rate's schedule spans the epochs that the run"
                        + " began with (2); more epochs are another run")
                .contains("--tag together")
                .contains("--no-checkpoints together");
    }

    @Test
    void listsWhatCanBeResumedForAnUnknownRun() throws IOException {
        String id = forgetTheEnd();

        assertThat(execute("--resume", "nothing-like-it")).isEqualTo(2);

        assertThat(err.toString())
                .contains("there is no such run in " + home.resolve("checkpoints"))
                .contains(id + "  vgg08, iteration 10, started ");
    }

    @Test
    void saysSoWhenNothingCanBeResumed() {
        assertThat(execute("--resume", "nothing-like-it")).isEqualTo(2);

        assertThat(err.toString()).contains("none can be resumed");
    }

    @Test
    void refusesABeginningOfSeveralRuns() throws IOException {
        String id = forgetTheEnd();
        copy(home.resolve("checkpoints").resolve(id), home.resolve("checkpoints/" + id + "-copy"));
        Path manifest = home.resolve("checkpoints/" + id + "-copy/run.json");
        Files.writeString(manifest, Files.readString(manifest).replace(id, id + "-copy"));

        assertThat(execute("--resume", "20")).isEqualTo(2);

        assertThat(err.toString())
                .contains("--resume 20 is the beginning of 2 runs")
                .contains(id + "-copy");
    }

    @Test
    void namesTheLastGoodCheckpointAndTheCommandThatGoesOnFromIt() throws IOException {
        String id = forgetTheEnd();
        Path damaged = home.resolve("checkpoints/" + id + "/iteration-10.zip");
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length / 3]++;
        Files.write(damaged, bytes);

        assertThat(execute("--resume", id)).isEqualTo(2);

        String command = "gradwatch train --resume " + id + " --checkpoint iteration-5.zip --data-dir " + home;
        assertThat(err.toString())
                .contains(damaged + " cannot be used: it is damaged: its SHA-256 is ")
                .contains("the last good one is iteration-5.zip: `" + command + "` goes on from it");
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.remove(0);
        arguments.addAll(List.of("--kafka", "none"));
        assertThat(run(arguments)).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("goes on after iteration 5, in epoch 2/2")
                .contains("run finished");
    }

    @Test
    void namesTheProcessThatTrainsTheRun() throws IOException {
        String id = forgetTheEnd();
        try (RunDirectory taken = store.open(id)) {
            assertThat(taken.manifest()).isPresent();
            assertThat(execute("--resume", id)).isEqualTo(2);
        }

        assertThat(err.toString())
                .contains("run " + id + " is being trained by process "
                        + ProcessHandle.current().pid());
    }

    @Test
    void warnsThatOtherThreadsGiveOtherBits() throws IOException {
        forgetTheEnd();

        assertThat(execute("--resume", "last", "--threads", "1")).isZero();

        assertThat(out.toString()).contains("warning: the run computed with 2 threads, now it is 1");
    }

    @Test
    void refusesOtherData() throws IOException {
        String id = forgetTheEnd();
        Path manifest = home.resolve("checkpoints/" + id + "/run.json");
        String text = Files.readString(manifest);
        Files.writeString(manifest, text.replaceFirst("(\"sha256\" : \")[0-9a-f]{4}", "$10000"));

        assertThat(execute("--resume", "last")).isEqualTo(2);

        assertThat(err.toString()).contains("learns from synthetic (").contains("accepted is the same data");
    }

    @Test
    void needsAPresetOrARun() {
        assertThat(execute()).isEqualTo(2);
        assertThat(err.toString()).contains("PRESET is missing").contains("or --resume RUN");
    }

    @Test
    void readsTheSettingsOfEveryPresetBackFromItsOptions() throws UsageException {
        for (Preset preset : Preset.all()) {
            TrainingSettings settings =
                    read(preset.name(), "--filters", "8", "--validate-every", "3", "--iterations=9");
            List<String> options = new ArrayList<>();
            settings.toOptions()
                    .forEach((name, value) -> options.add(name.equals("preset") ? value : "--" + name + "=" + value));

            assertThat(read(options.toArray(new String[0]))).isEqualTo(settings);
        }
    }

    private TrainingSettings read(String... arguments) throws UsageException {
        TrainOptions options = new TrainOptions();
        new CommandLine(options).parseArgs(arguments);
        options.kafka = "none";
        return options.read(Map.of()).settings();
    }

    private String forgetTheEnd() throws IOException {
        String id = store.runs().get(0).manifest().runId();
        Path manifest = home.resolve("checkpoints/" + id + "/run.json");
        String text = Files.readString(manifest);
        int end = text.indexOf("\"end\"");
        Files.writeString(manifest, text.substring(0, end) + "\"end\" : null\n}\n");
        return id;
    }

    private int execute(String... further) {
        return train(home, further);
    }

    private int train(Path directory, String... further) {
        List<String> arguments =
                new ArrayList<>(List.of("train", "--kafka", "none", "--data-dir", directory.toString()));
        arguments.addAll(List.of(further));
        return run(arguments);
    }

    private int run(List<String> arguments) {
        return TrainerCommand.execute(arguments.toArray(new String[0]), new PrintWriter(out), new PrintWriter(err));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
