package io.gradwatch.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar100InstallationTest {
    @TempDir
    Path datasets;

    private final byte[] train = Records.of(300);
    private final byte[] test = Records.of(40);
    private final List<OfficialFile> files =
            List.of(Records.describe("train.bin", train), Records.describe("test.bin", test));
    private final List<Long> received = new ArrayList<>();
    private final List<String> ranges = new ArrayList<>();
    private byte[] archive;
    private HttpServer server;

    @BeforeEach
    void serveAnArchive() throws IOException {
        archive = archive(Map.of(
                "cifar-100-binary/train.bin", train,
                "cifar-100-binary/test.bin", test,
                "cifar-100-binary/fine_label_names.txt", "apple\n".getBytes(StandardCharsets.UTF_8)));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/archive", exchange -> respond(exchange, archive.length));
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/archive");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void downloadsChecksAndUnpacks() throws IOException {
        Cifar100Installation installation = installation();
        assertThat(installation.isComplete()).isFalse();

        installation.download(at("/archive"));

        assertThat(installation.isComplete()).isTrue();
        assertThat(installation.folder().resolve("train.bin")).hasBinaryContent(train);
        assertThat(installation.folder().resolve("test.bin")).hasBinaryContent(test);
        assertThat(installation.folder().resolve("fine_label_names.txt")).hasContent("apple");
        assertThat(received).isSorted().endsWith((long) archive.length);
        assertNothingElseIsLeft();
    }

    @Test
    void followsRedirects() throws IOException {
        installation().download(at("/moved"));

        assertThat(installation().isComplete()).isTrue();
    }

    @Test
    void goesOnWhereAnEarlierDownloadStopped() throws IOException {
        Files.write(part(), Arrays.copyOf(archive, 1000));

        installation().download(at("/archive"));

        assertThat(ranges).containsExactly("bytes=1000-");
        assertThat(installation().isComplete()).isTrue();
    }

    @Test
    void startsAgainWhenTheServerCannotGoOn() throws IOException {
        Files.write(part(), new byte[1000]);
        server.createContext("/whole", exchange -> {
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive);
            exchange.close();
        });

        installation().download(at("/whole"));

        assertThat(installation().isComplete()).isTrue();
    }

    @Test
    void takesUpABrokenConnectionByItself() throws IOException {
        server.createContext("/flaky", exchange -> respond(exchange, archive.length / 2));

        installation().download(at("/flaky"));

        assertThat(ranges.get(0)).isEqualTo("none");
        assertThat(ranges.get(1)).startsWith("bytes=");
        assertThat(installation().isComplete()).isTrue();
    }

    @Test
    void keepsWhatCameWhenTheConnectionBreaksAgainAndAgain() {
        server.createContext("/broken", exchange -> {
            exchange.sendResponseHeaders(ranges.isEmpty() ? 200 : 206, archive.length);
            ranges.add("");
            exchange.getResponseBody().write(archive, 0, 10);
            exchange.close();
        });

        assertThatThrownBy(() -> installation().download(at("/broken")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(at("/broken").toString())
                .hasMessageContaining("broke off after")
                .hasMessageContaining("run the command again");
        assertThat(ranges).hasSize(3);
        assertThat(part()).exists();
        assertThat(installation().isComplete()).isFalse();
    }

    @Test
    void refusesAnArchiveWithAnotherCheckSumAndRemovesIt() {
        byte[] right = archive.clone();
        Cifar100Installation installation =
                new Cifar100Installation(datasets, Digests.md5(right), files, (bytes, total) -> {});
        archive[archive.length / 2] ^= 1;

        assertThatThrownBy(() -> installation.download(at("/archive")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("its MD5 is " + Digests.md5(archive) + ", accepted is " + Digests.md5(right));
        assertThat(part()).doesNotExist();
        assertThat(installation.folder()).doesNotExist();
    }

    @Test
    void namesTheStatusOfAServerThatRefuses() {
        assertThatThrownBy(() -> installation().download(at("/nothing")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(at("/nothing") + " answers with HTTP status 404: accepted is 200");
    }

    @Test
    void tellsTheStepsByHandWhenTheServerCannotBeReached() {
        URI nobody = at("/archive");
        server.stop(0);

        assertThatThrownBy(() -> installation().download(nobody))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(nobody + " cannot be reached")
                .hasMessageContaining("--from FILE")
                .hasMessageContaining(installation().folder().toString());
        assertThat(datasets).isEmptyDirectory();
    }

    @Test
    void unpacksAnArchiveAtHandAndLeavesItThere() throws IOException {
        Path atHand = Files.write(datasets.resolve("mine.tar.gz"), archive);

        installation().unpackFrom(atHand);

        assertThat(installation().isComplete()).isTrue();
        assertThat(atHand).exists();
    }

    @Test
    void namesAnArchiveAtHandThatIsDamaged() throws IOException {
        Path atHand = Files.write(datasets.resolve("mine.tar.gz"), Arrays.copyOf(archive, 500));

        assertThatThrownBy(() -> installation().unpackFrom(atHand))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(atHand.toString())
                .hasMessageContaining("accepted is " + Digests.md5(archive));
    }

    @Test
    void leavesNothingHalfDoneWhenAFileInTheArchiveIsWrong() throws IOException {
        byte[] wrong = train.clone();
        wrong[77] ^= 1;
        Path atHand = Files.write(
                datasets.resolve("mine.tar.gz"),
                archive(Map.of("cifar-100-binary/train.bin", wrong, "cifar-100-binary/test.bin", test)));
        Cifar100Installation installation = new Cifar100Installation(
                datasets, Digests.md5(Files.readAllBytes(atHand)), files, (bytes, total) -> {});

        assertThatThrownBy(() -> installation.unpackFrom(atHand))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("train.bin is damaged");
        assertThat(installation.folder()).isEmptyDirectory();
        assertThat(datasets.toFile().list()).containsExactlyInAnyOrder("mine.tar.gz", "cifar-100-binary");
    }

    @Test
    void writesNothingOutsideItsFolderWhateverTheArchiveSays() throws IOException {
        Path atHand = Files.write(
                datasets.resolve("mine.tar.gz"),
                archive(Map.of("../../train.bin", train, "x/test.bin", test, "../evil.txt", test)));

        new Cifar100Installation(datasets, Digests.md5(Files.readAllBytes(atHand)), files, (bytes, total) -> {})
                .unpackFrom(atHand);

        assertThat(datasets.toFile().list()).containsExactlyInAnyOrder("mine.tar.gz", "cifar-100-binary");
        assertThat(installation().folder().toFile().list()).containsExactlyInAnyOrder("train.bin", "test.bin");
    }

    private Cifar100Installation installation() {
        return new Cifar100Installation(datasets, Digests.md5(archive), files, (bytes, total) -> received.add(bytes));
    }

    private void assertNothingElseIsLeft() {
        assertThat(datasets.toFile().list()).containsExactly("cifar-100-binary");
    }

    private Path part() {
        return datasets.resolve("cifar-100-binary.tar.gz.part");
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** Answers with the archive from the byte asked for, and breaks off after {@code most} bytes. */
    private void respond(HttpExchange exchange, int most) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range == null ? "none" : range);
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (from >= archive.length) {
            exchange.sendResponseHeaders(416, -1);
        } else {
            exchange.sendResponseHeaders(range == null ? 200 : 206, archive.length - from);
            exchange.getResponseBody().write(archive, from, Math.min(most, archive.length - from));
        }
        exchange.close();
    }

    private static byte[] archive(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(bytes))) {
            for (Map.Entry<String, byte[]> entry : new TreeMap<>(entries).entrySet()) {
                TarArchiveEntry header = new TarArchiveEntry(entry.getKey(), true);
                header.setSize(entry.getValue().length);
                tar.putArchiveEntry(header);
                tar.write(entry.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
