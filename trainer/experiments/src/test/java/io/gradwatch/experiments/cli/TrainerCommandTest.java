package io.gradwatch.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.experiments.network.Preset;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerCommandTest {
    @TempDir
    Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void listsThePresetsWithTheirFigures() {
        assertThat(execute("presets")).isZero();

        for (Preset preset : Preset.all()) {
            assertThat(out.toString()).contains(preset.name());
        }
        assertThat(out.toString())
                .containsPattern("vgg38-bn-resnet +341,572 +512 +0.001 +0 +58.84 +78.65")
                .containsPattern("vgg38-bn-resnet-b256-lr0.01-wd6e-4 +341,572 +256 +0.01 +6e-4 +57.67 +72.81")
                .containsPattern("densenet +188,092 +40 +100 +DenseNet, bn before, growth 12")
                .containsPattern("highway +613,572 +38 +100 +Highway, gate-bias -3.0, init he");
        assertThat(out.toString().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void trainsWithoutKafka() {
        int exitCode = execute(
                "train",
                "vgg08",
                "--filters",
                "4",
                "--batch",
                "16",
                "--iterations",
                "3",
                "--kafka",
                "none",
                "--data-dir",
                home.toString());

        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .contains("SYNTHETIC images")
                .contains("epoch 1/100  iteration 1/3")
                .contains("run finished after 3 iterations: 3 iterations done");
    }

    @Test
    void refusesWhatItCannotDoWithoutAStackTrace() {
        assertThat(execute("train", "vgg083", "--lr", "-1", "--kafka", "none")).isEqualTo(2);

        assertThat(err.toString().lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("error: unknown preset \"vgg083\": accepted are vgg08, ");
    }

    @Test
    void namesAnOptionThatDoesNotExistAndTheNearest() {
        assertThat(execute("train", "vgg08", "--batchsize", "3")).isEqualTo(2);

        assertThat(err.toString()).contains("--batchsize").contains("--batch").hasLineCount(3);
    }

    @Test
    void asksForACommand() {
        assertThat(execute()).isEqualTo(2);

        assertThat(err.toString()).contains("accepted are train, table1, data, presets");
    }

    @Test
    void namesTheByteAtWhichACifarFileIsDamaged() throws IOException {
        Path folder = Files.createDirectory(home.resolve("damaged"));
        try (RandomAccessFile train =
                        new RandomAccessFile(folder.resolve("train.bin").toFile(), "rw");
                RandomAccessFile test =
                        new RandomAccessFile(folder.resolve("test.bin").toFile(), "rw")) {
            train.setLength(153_700_000);
            test.setLength(30_740_000);
            test.seek(3074 * 9L);
            test.write(77);
        }

        assertThat(execute("train", "vgg08", "--kafka", "none", "--data", folder.toString()))
                .isEqualTo(2);

        // train.bin is all zeros: right in size and labels, wrong in its check sum
        assertThat(err.toString()).contains(folder.resolve("train.bin") + " is damaged: its MD5 is");
        Files.delete(folder.resolve("train.bin"));
    }

    @Test
    void namesAKafkaThatDoesNotAnswerWithinSeconds() throws IOException {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        Instant start = Instant.now();

        assertThat(execute(
                        "train",
                        "vgg08",
                        "--filters",
                        "4",
                        "--data",
                        "synthetic",
                        "--kafka",
                        "127.0.0.1:" + closedPort))
                .isEqualTo(2);

        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(15));
        assertThat(err.toString())
                .contains("Kafka at 127.0.0.1:" + closedPort + " cannot be reached")
                .contains("--kafka none");
    }

    @Test
    void namesADataSetThatDoesNotExist() {
        assertThat(execute("data", "cifar-10")).isEqualTo(2);

        assertThat(err.toString()).startsWith("error: unknown data set \"cifar-10\": accepted is cifar-100");
    }

    @Test
    void namesAnArchiveThatIsNotThere() {
        assertThat(execute(
                        "data",
                        "cifar-100",
                        "--from",
                        home.resolve("no.tar.gz").toString(),
                        "--data-dir",
                        home.toString()))
                .isEqualTo(2);

        assertThat(err.toString()).contains("no.tar.gz is not a file");
    }

    private int execute(String... arguments) {
        return TrainerCommand.execute(arguments, new PrintWriter(out), new PrintWriter(err));
    }
}
