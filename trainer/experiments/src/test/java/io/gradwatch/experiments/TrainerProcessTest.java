package io.gradwatch.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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

    private Process start(Map<String, String> environment, String... further) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.gradwatch.experiments.Trainer"));
        command.addAll(List.of("train", "vgg08", "--filters", "4", "--batch", "16", "--data-dir", home.toString()));
        command.addAll(List.of(further));
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
