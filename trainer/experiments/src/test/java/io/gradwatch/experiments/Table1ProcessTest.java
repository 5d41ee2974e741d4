package io.gradwatch.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The table's training as a process that is killed, stopped and started again. */
@DisabledOnOs(OS.WINDOWS)
class Table1ProcessTest {
    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void endsWithTheSameTableWhetherOrNotItIsKilledAndStoppedOnTheWay() throws Exception {
        Path smooth = folder.resolve("smooth");
        String whole = finish(train(smooth), 0);
        assertThat(whole)
                .contains("plan: 2 rows × 2 seeds (0, 1) × 1 epoch = 4 runs: 0 finished, 4 to begin")
                .contains("4 of 4 runs finished");

        Path rough = folder.resolve("rough");
        Process killed = train(rough);
        readUntil(killed, "run 2/4  epoch 1/1");
        killed.destroyForcibly().waitFor();
        assertThat(results(rough)).doesNotContain("\"kind\":\"finished\",\"row\":\"vgg08-bn\"");
        Files.writeString(book(rough), results(rough) + "{\"v\":1,\"kind\":\"fini");

        Process stopped = train(rough);
        String again = readUntil(stopped, "run 2/3  epoch 1/1");
        assertThat(again)
                .contains("line 8 was cut off while it was written; it is ignored")
                .contains("4 runs: 1 finished, 1 to go on with, 2 to begin")
                .contains("run 1/3  Table 1 row 2: vgg08-bn seed 0");
        String refused = finish(train(rough), 2);
        assertThat(refused).contains("error: process " + stopped.pid() + " trains Table 1 in " + rough);
        assertThat(finish(start("--report", "--data-dir", rough.toString()), 0)).contains("written: ");
        assertThat(new ProcessBuilder("kill", "-s", "INT", Long.toString(stopped.pid()))
                        .start()
                        .waitFor())
                .isZero();
        assertThat(finish(stopped, 0))
                .contains("stopped with Ctrl-C")
                .contains("the same command goes on where this one ended: gradwatch table1 --rows vgg08,vgg08-bn");

        assertThat(finish(train(rough), 0))
                .contains("attempt 2 goes on after iteration")
                .contains("4 of 4 runs finished");
        assertThat(csv(rough)).isEqualTo(csv(smooth));
        assertThat(figures(rough)).hasSize(4).isEqualTo(figures(smooth)); // losses too, to the last bit
        assertThat(csv(rough)).contains("1,vgg08,100,").contains("16,vgg38-bn-resnet-b256-lr0.001-wd1e-4,256,");
        String idle = finish(train(rough), 0);
        assertThat(idle).contains("4 finished, 0 to begin").contains("all of it is finished already");
    }

    @Test
    void refusesWhatItCannotDoAndSaysWhatIsAccepted() throws Exception {
        String home = folder.toString();

        assertThat(finish(
                        start("--rows", "1-17", "--seeds", "x", "--epochs", "0", "--kafka", "none", "--data-dir", home),
                        2))
                .contains(
                        "error: --rows: no row \"1-17\": accepted are all, or, separated by commas, numbers of 1 to 16")
                .contains("error: --seeds: \"x\" is no seed")
                .contains("error: --epochs 0: accepted are whole numbers from 1")
                .contains("error: there is no CIFAR-100 in")
                .contains("--data synthetic")
                .doesNotContain("Exception");
        assertThat(finish(start("--report", "--epochs", "3", "--data-dir", home), 2))
                .contains("error: --epochs says what to train");
        assertThat(folder).isEmptyDirectory();
    }

    private Process train(Path home) throws IOException {
        return start(
                "--rows",
                "vgg08,vgg08-bn",
                "--seeds",
                "0,1",
                "--epochs",
                "1",
                "--data",
                "synthetic",
                "--filters",
                "2",
                "--kafka",
                "none",
                "--data-dir",
                home.toString());
    }

    private Process start(String... arguments) throws IOException {
        // where the build itself ignores Ctrl-C (nohup, a script's background), its children would too
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.gradwatch.experiments.Trainer",
                "table1"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GRADWATCH_"));
        builder.environment().put("OMP_WAIT_POLICY", "passive");
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static String readUntil(Process process, String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            seen.append(line).append('\n');
            if (line.contains(text)) {
                return seen.toString();
            }
        }
        throw new AssertionError("the process ended without \"" + text + "\":\n" + seen);
    }

    /** Waits for the end; what the process said since it was last read. */
    private static String finish(Process process, int exitCode) throws InterruptedException {
        String text = process.inputReader(StandardCharsets.UTF_8).lines().collect(Collectors.joining("\n"));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(text).isEqualTo(exitCode);
        return text;
    }

    private static Path book(Path home) {
        return home.resolve("table1/results.jsonl");
    }

    private static String results(Path home) throws IOException {
        return Files.readString(book(home));
    }

    private static List<String> figures(Path home) throws IOException {
        return Pattern.compile("\"figures\":\\{[^}]*}")
                .matcher(results(home))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    private static String csv(Path home) throws IOException {
        return Files.readString(home.resolve("table1/table1.csv"));
    }
}
