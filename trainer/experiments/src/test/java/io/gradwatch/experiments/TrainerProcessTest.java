package io.gradwatch.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The trainer as its users and the launcher meet it: a process. */
@DisabledOnOs(OS.WINDOWS)
class TrainerProcessTest {
    @TempDir
    Path home;

    private @Nullable Process process;

    @AfterEach
    void endProcess() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void endsAfterTheStepOnCtrlC() throws Exception {
        Process trainer = start(Map.of(), "--kafka", "none");
        String first = readUntil(trainer, "iteration 1/");

        signal(trainer, "INT");

        assertThat(restOf(trainer)).contains("run stopped after").contains("stopped with Ctrl-C");
        assertThat(trainer.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(trainer.exitValue()).isZero();
        assertThat(first).contains("SYNTHETIC");
    }

    @Test
    void endsAsAChildOnlyWhenItsStandardInputDoes() throws Exception {
        Process trainer = start(Map.of("GRADWATCH_CHILD", "1"), "--kafka", "none");
        readUntil(trainer, "iteration 1/");

        signal(trainer, "INT");
        assertThat(trainer.waitFor(2, TimeUnit.SECONDS)).as("ignores Ctrl-C").isFalse();
        trainer.getOutputStream().close();

        assertThat(restOf(trainer)).contains("run stopped after").contains("stopped by the launcher");
        assertThat(trainer.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(trainer.exitValue()).isZero();
    }

    @Test
    void trainsOnWhenItsKafkaNeverComesAndSaysWhatWasLost() throws Exception {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }

        Process trainer = start(
                Map.of("GRADWATCH_CHILD", "1", "GRADWATCH_KAFKA", "127.0.0.1:" + closedPort), "--iterations", "7");

        assertThat(restOf(trainer))
                .contains("run finished after 7 iterations")
                .contains("0 iterations delivered")
                .contains("end of the run not delivered");
        assertThat(trainer.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(trainer.exitValue()).isZero();
    }

    @Test
    void goesOnBitByBitAfterItWasKilled() throws Exception {
        String[] options = {"--kafka", "none", "--batch", "1000", "--epochs", "2", "--filters", "2", "--threads", "2"};
        Process whole = start(Map.of(), options);
        assertThat(restOf(whole)).contains("run finished after 10 iterations");
        Path wholeRun = onlyRun();
        Files.move(wholeRun, home.resolve("whole"));

        Process killed = start(Map.of(), options);
        readUntil(killed, "epoch 1/2 done");
        killed.destroyForcibly().waitFor();
        Process resumed = trainer(Map.of(), "train", "--resume", "last", "--kafka", "none");

        assertThat(restOf(resumed))
                .contains("attempt 2 goes on after iteration 5, in epoch 2/2 after 0 steps of it")
                .contains("run finished after 10 iterations");
        for (String entry : List.of("coefficients.bin", "updaterState.bin", "bestParameters.bin")) {
            assertThat(bytes(onlyRun().resolve("iteration-10.zip"), entry))
                    .as(entry)
                    .isEqualTo(bytes(home.resolve("whole/iteration-10.zip"), entry));
        }
    }

    @Test
    void goesOnInTheMiddleOfAnEpochAfterCtrlC() throws Exception {
        Process stopped = start(Map.of(), "--kafka", "none");
        readUntil(stopped, "iteration 1/");
        signal(stopped, "INT");
        assertThat(restOf(stopped)).contains("train --resume " + onlyRun().getFileName() + " --data-dir " + home);

        Process resumed = trainer(Map.of(), "train", "--resume", "last", "--kafka", "none");
        readUntil(resumed, "attempt 2 goes on after iteration ");
        readUntil(resumed, "it/s");
        signal(resumed, "TERM");

        assertThat(restOf(resumed)).contains("stopped by SIGTERM");
        assertThat(resumed.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(resumed.exitValue()).isZero();
    }

    private Path onlyRun() throws IOException {
        try (Stream<Path> runs = Files.list(home.resolve("checkpoints"))) {
            List<Path> all = runs.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private static byte[] bytes(Path zip, String entry) throws IOException {
        try (ZipFile file = new ZipFile(zip.toFile())) {
            return file.getInputStream(file.getEntry(entry)).readAllBytes();
        }
    }

    private Process start(Map<String, String> environment, String... further) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("train", "vgg08"));
        if (!List.of(further).contains("--batch")) {
            arguments.addAll(List.of("--filters", "4", "--batch", "16"));
        }
        arguments.addAll(List.of(further));
        return trainer(environment, arguments.toArray(new String[0]));
    }

    private Process trainer(Map<String, String> environment, String... arguments) throws IOException {
        // where the build itself ignores Ctrl-C (nohup, a script's background), its children would too
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.gradwatch.experiments.Trainer"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data-dir", home.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GRADWATCH_"));
        builder.environment().putAll(environment);
        builder.environment().put("OMP_WAIT_POLICY", "passive");
        Process started = builder.start();
        process = started;
        return started;
    }

    private static String readUntil(Process trainer, String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        BufferedReader reader = trainer.inputReader(StandardCharsets.UTF_8);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            seen.append(line).append('\n');
            if (line.contains(text)) {
                return seen.toString();
            }
        }
        throw new AssertionError("the trainer ended without \"" + text + "\":\n" + seen);
    }

    private static String restOf(Process trainer) {
        return trainer.inputReader(StandardCharsets.UTF_8).lines().collect(Collectors.joining("\n"));
    }

    private static void signal(Process trainer, String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-s", name, Long.toString(trainer.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
