package io.gradwatch.telemetry.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.history.RunMeasures.Fingerprint;
import io.gradwatch.telemetry.history.RunMeasures.Part;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    @TempDir
    Path directory;

    private History history;
    private HistoryFixture fixture;
    private Archive archive;
    private Imports imports;

    @BeforeEach
    void open() throws Exception {
        history = History.open(directory.resolve("history"), Clock.systemUTC());
        fixture = new HistoryFixture(history);
        archive = new Archive(directory.resolve("archive"), Clock.systemUTC());
        imports = new Imports(history, archive);
    }

    @AfterEach
    void close() {
        history.close();
    }

    @Test
    void aRunThatIsExportedDeletedAndImportedAgainIsEqualRowForRow() throws Exception {
        SampleRun.write(history, fixture, "other", 30);
        List<IterationRecord> records = SampleRun.write(history, fixture, "a", 300);
        Map<Part, Fingerprint> before = history.measures().fingerprints();
        Path zip = export("a");

        history.writer().deleteRun(fixture.key("a"));
        fixture.commit();
        assertThat(history.runs().find("a")).isEmpty();
        assertThat(history.measures().fingerprints().keySet())
                .extracting(Part::runId)
                .containsOnly("other");
        imports.zip(zip, "a.zip", Optional.empty());

        assertThat(history.measures().fingerprints()).isEqualTo(before);
        assertThat(history.records().range("a", 0, Long.MAX_VALUE, 1000)).isEqualTo(records);
        assertThat(archive.find("a").orElseThrow().origin()).contains("a.zip");
    }

    @Test
    void aRunIsImportedUnderAnotherIdWithItsAlerts() throws Exception {
        SampleRun.write(history, fixture, "a", 40);
        Path zip = export("a");

        Imports.Imported imported = imports.zip(zip, "a.zip", Optional.of("b"));

        assertThat(imported.run().tracker().description().runId()).isEqualTo("b");
        assertThat(history.runs().find("a")).isPresent();
        assertThat(history.runs().find("b").orElseThrow().iteration()).isEqualTo(39);
        Map<String, Long> rows = new TreeMap<>();
        history.measures().fingerprints().forEach((part, print) -> {
            if (part.runId().equals("b")) {
                rows.put(part.table(), print.rows());
            }
        });
        assertThat(rows)
                .containsEntry("iterations", 40L)
                .containsEntry("epochs", 1L)
                .containsEntry("histograms", 1L)
                .containsEntry("transitions", 2L)
                .containsEntry("layers", 4L);
        assertThat(history.writer().alertKeys()).containsKeys("a/vanish-floor/1/1", "b/vanish-floor/1/1");
        assertThat(history.writer().alertKeys().values()).doesNotHaveDuplicates();
        assertThat(history.writer().unpublished())
                .extracting(o -> o.alert().getAlertId())
                .as("alerts of an imported run are old")
                .allMatch(id -> id.startsWith("a/"));
    }

    @Test
    void refusesARunThatExists() throws Exception {
        SampleRun.write(history, fixture, "a", 10);
        Path zip = export("a");
        Map<Part, Fingerprint> before = history.measures().fingerprints();

        assertThatThrownBy(() -> imports.zip(zip, "a.zip", Optional.empty()))
                .asInstanceOf(type(ArchiveException.class))
                .returns(ArchiveException.Kind.EXISTS, ArchiveException::kind)
                .extracting(Throwable::getMessage)
                .asString()
                .contains("run a exists already")
                .contains("--as NEWID");
        assertThat(history.measures().fingerprints()).isEqualTo(before);
        assertThat(left()).isEmpty();
    }

    @Test
    void refusesAFileThatIsDamagedAndSaysWhere() throws Exception {
        SampleRun.write(history, fixture, "a", 200);
        byte[] zip = Files.readAllBytes(export("a"));
        byte[] cut = java.util.Arrays.copyOf(zip, zip.length / 2);
        byte[] parquet = altered(zip, "iterations.parquet", bytes -> {
            bytes[bytes.length / 2] ^= 1;
            return bytes;
        });
        byte[] manifest = altered(
                zip,
                "manifest.json",
                bytes -> new String(bytes, StandardCharsets.UTF_8)
                        .replaceFirst("\"rows\" : \\d+", "\"rows\" : \"many\"")
                        .getBytes(StandardCharsets.UTF_8));
        byte[] without = altered(zip, "epochs.parquet", bytes -> null);
        byte[] newer = altered(
                zip,
                "manifest.json",
                bytes -> new String(bytes, StandardCharsets.UTF_8)
                        .replaceFirst("\"version\" : 1", "\"version\" : 9")
                        .getBytes(StandardCharsets.UTF_8));
        history.writer().deleteRun(fixture.key("a"));
        fixture.commit();

        refused(cut, "a.zip is not a zip file, or is damaged");
        refused(parquet, "a.zip: a/iterations.parquet is damaged", "SHA-256", "the manifest says");
        refused(manifest, "a.zip: a/manifest.json: tables[0]: rows is many; accepted is a whole number");
        refused(without, "a.zip: a/epochs.parquet is missing");
        refused(newer, "version 9", "accepted is version 1");
        refused("hello".getBytes(StandardCharsets.UTF_8), "a.zip is not a zip file");
        assertThat(history.runs().find("a")).isEmpty();
        assertThat(left()).isEmpty();
    }

    @Test
    void anArchivedRunComesBackIntoAHistoryThatLostIt() throws Exception {
        SampleRun.write(history, fixture, "a", 100);
        Map<Part, Fingerprint> before = history.measures().fingerprints();
        Manifest manifest =
                archive.store(history.files(), "a", Optional.empty()).orElseThrow();
        assertThat(manifest.log().orElseThrow().firstOffset()).isEqualTo(10);
        assertThat(archive.runs()).containsExactly("a");
        history.writer().deleteRun(fixture.key("a"));
        fixture.commit();

        imports.archived("a");

        assertThat(history.measures().fingerprints()).isEqualTo(before);
    }

    @Test
    void aDamagedArchiveIsNotTakenForARun() throws Exception {
        SampleRun.write(history, fixture, "a", 100);
        archive.store(history.files(), "a", Optional.empty());
        history.writer().deleteRun(fixture.key("a"));
        fixture.commit();
        Path file = archive.folder("a").resolve("layer_values.parquet");
        byte[] bytes = Files.readAllBytes(file);
        bytes[100] ^= 4;
        Files.write(file, bytes);

        assertThatThrownBy(() -> imports.archived("a"))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("layer_values.parquet is damaged");
        assertThat(history.runs().find("a")).isEmpty();
    }

    @Test
    void theSameRowsMakeTheSameFiles() throws Exception {
        SampleRun.write(history, fixture, "a", 100);
        Manifest one = archive.store(history.files(), "a", Optional.empty()).orElseThrow();
        Manifest two = archive.store(history.files(), "a", Optional.empty()).orElseThrow();

        assertThat(two.tables()).isEqualTo(one.tables());
        assertThat(left()).containsExactly("a");
    }

    @Test
    void aClientThatGoesAwayLeavesNothingBehind() {
        SampleRun.write(history, fixture, "a", 100);
        OutputStream failing = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("the client has gone");
            }
        };

        assertThatThrownBy(() -> RunZip.write(archive, history.files(), "a", failing))
                .hasMessageContaining("the client has gone");
        assertThat(left()).isEmpty();
    }

    @Test
    void sweepsAwayWhatAKilledProcessLeft() throws Exception {
        SampleRun.write(history, fixture, "a", 10);
        archive.store(history.files(), "a", Optional.empty());
        Path half = archive.scratch();
        Files.createDirectories(half);
        Files.writeString(half.resolve("iterations.parquet"), "half");

        archive.sweep();

        assertThat(left()).containsExactly("a");
    }

    private void refused(byte[] zip, String... words) throws IOException {
        Path file = directory.resolve("damaged.zip");
        Files.write(file, zip);
        assertThatThrownBy(() -> imports.zip(file, "a.zip", Optional.empty()))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContainingAll(words);
    }

    private List<String> left() {
        try (Stream<Path> all = Files.list(directory.resolve("archive"))) {
            return all.map(p -> p.getFileName().toString()).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private Path export(String runId) throws Exception {
        Path zip = directory.resolve(runId + ".zip");
        try (OutputStream out = Files.newOutputStream(zip)) {
            RunZip.write(archive, history.files(), runId, out);
        }
        return zip;
    }

    private interface Change {
        byte @org.jspecify.annotations.Nullable [] of(byte[] bytes);
    }

    private static byte[] altered(byte[] zip, String file, Change change) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip));
                ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
                byte[] content = in.readAllBytes();
                byte[] other = e.getName().endsWith("/" + file) ? change.of(content) : content;
                if (other != null) {
                    out.putNextEntry(new ZipEntry(e.getName()));
                    out.write(other);
                    out.closeEntry();
                }
            }
        }
        return bytes.toByteArray();
    }
}
