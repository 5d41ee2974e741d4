package io.gradwatch.benchmarks.drill;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real training of a small network on generated images. */
final class Training {
    private static final String MAIN = "io.gradwatch.experiments.Trainer";

    private final Program launcher;
    private final String run;

    private Training(Program launcher, String run) {
        this.launcher = launcher;
        this.run = run;
    }

    /** Begins one that goes on until it is told to end, and waits until the service knows it. */
    static Training endless(
            Stage stage, Stage.Service service, Path home, Map<String, String> environment, String... more)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--batch", "8", "--epochs", "1000", "--no-checkpoints"));
        arguments.addAll(List.of(more));
        return begin(stage, service, home, environment, arguments);
    }

    /** Begins one, and waits until the service knows it. */
    static Training begin(
            Stage stage, Stage.Service service, Path home, Map<String, String> environment, List<String> more)
            throws IOException, InterruptedException {
        List<String> known = service.api().runs();
        stage.say("starting a training");
        List<String> arguments =
                new ArrayList<>(List.of("train", "vgg08", "--filters", "2", "--data", "synthetic", "--threads", "1"));
        arguments.addAll(more);
        Program launcher = stage.gradwatch("train", home, environment, arguments.toArray(String[]::new));
        List<String> found = new ArrayList<>();
        Wait.until("the service knows the run", Stage.PATIENCE, () -> {
            if (!launcher.isAlive()) {
                throw new IllegalStateException("the training ended:\n" + launcher.output());
            }
            found.clear();
            found.addAll(service.api().runs());
            found.removeAll(known);
            return !found.isEmpty()
                    && !service.api().run(found.get(0)).get("iteration").isNull();
        });
        return new Training(launcher, found.get(0));
    }

    String run() {
        return run;
    }

    Program launcher() {
        return launcher;
    }

    /** The JVM that computes. */
    ProcessHandle process() {
        return launcher.child(MAIN);
    }

    /** Tells it to end after its iteration, and waits until it has told the log. */
    void end(Stage stage, Duration patience) throws InterruptedException {
        stage.say("ending the training");
        launcher.terminate();
        int code = launcher.exit(patience);
        stage.say("the training ended with exit code %d", code);
    }

    /** Iterations that its trainer says it made in its newest attempt, and those that it dropped of them. */
    static long[] madeAndDropped(JsonNode run) {
        return new long[] {run.get("iteration").asLong() + 1, run.get("dropped").asLong()};
    }
}
