package io.gradwatch.telemetry.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.history.RunMeasures.Fingerprint;
import io.gradwatch.telemetry.history.RunMeasures.Part;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive on a disk of 512 KiB. Only where such a disk can be mounted: on Linux, as root. */
class DiskFullTest {
    @TempDir
    Path directory;

    private Path disk;
    private boolean mounted;
    private History history;
    private HistoryFixture fixture;
    private Archive archive;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        mounted = command("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk.toString());
        assumeTrue(mounted, "no small disk can be mounted here");
        history = History.open(directory.resolve("history"), Clock.systemUTC());
        fixture = new HistoryFixture(history);
        archive = new Archive(disk.resolve("archive"), Clock.systemUTC());
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            history.close();
            command("umount", disk.toString());
        }
    }

    @Test
    void anArchiveThatDoesNotFitLeavesNothingAndTheOldOneStays() throws Exception {
        SampleRun.write(history, fixture, "small", 20);
        SampleRun.write(history, fixture, "large", 8_000);
        Manifest small =
                archive.store(history.files(), "small", Optional.empty()).orElseThrow();

        assertThatThrownBy(() -> archive.store(history.files(), "large", Optional.empty()))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("run large could not be archived in " + disk)
                .hasMessageContaining("the disk is full")
                .hasMessageContaining("nothing of it was left there");
        assertThat(names()).containsExactly("small");
        assertThat(archive.find("small")).contains(small);

        assertThatThrownBy(() -> RunZip.write(archive, history.files(), "large", OutputStream.nullOutputStream()))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("the disk is full");
        assertThat(names()).containsExactly("small");
        // when there is room again
        archive.delete("small");
        command("mount", "-o", "remount,size=64m", disk.toString());
        assertThat(archive.store(history.files(), "large", Optional.empty())).isPresent();
    }

    @Test
    void anImportThatDoesNotFitChangesNothing() throws Exception {
        SampleRun.write(history, fixture, "large", 8_000);
        Map<Part, Fingerprint> before = history.measures().fingerprints();
        Path zip = directory.resolve("large.zip");
        try (OutputStream out = Files.newOutputStream(zip)) {
            RunZip.write(new Archive(directory.resolve("roomy"), Clock.systemUTC()), history.files(), "large", out);
        }

        assertThatThrownBy(() -> new Imports(history, archive).zip(zip, "large.zip", Optional.of("copy")))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("large.zip was not imported: the disk is full")
                .hasMessageContaining("nothing of it was kept");
        assertThat(history.measures().fingerprints()).isEqualTo(before);
        assertThat(names()).isEmpty();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(disk.resolve("archive"))) {
            return all.map(p -> p.getFileName().toString()).toList();
        }
    }

    private static boolean command(String... words) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // no such command
        }
    }
}
