package io.gradwatch.telemetry.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.telemetry.archive.Archive;
import io.gradwatch.telemetry.archive.ArchiveException;
import io.gradwatch.telemetry.archive.Imports;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.history.RandomRecords;
import io.gradwatch.telemetry.runs.RunPhase;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFilesTest {
    @TempDir
    Path directory;

    private History history;
    private EventFileImport imports;

    @BeforeEach
    void open() throws Exception {
        history = History.open(directory.resolve("history"), Clock.systemUTC());
        Archive archive = new Archive(directory.resolve("archive"), Clock.systemUTC());
        imports = new EventFileImport(new Imports(history, archive), archive, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        history.close();
    }

    @Test
    void masksChecksumsAsTensorFlowDoes() {
        // TensorFlow's crc32c_test.cc: the CRC of "a", masked as crc32c.h says
        int crc = 0xc1d04330;
        assertThat(TfRecords.masked("a".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(((crc >>> 15) | (crc << 17)) + 0xa282ead8);
    }

    @Test
    void readsWhatTensorboardXWrote() throws Exception {
        EventFileImport.Result result = imports.take(golden("tensorboardx.events"), "tx", "a", false);

        RunSummary run = history.runs().find("a").orElseThrow();
        assertThat(run.phase()).isEqualTo(RunPhase.FINISHED);
        assertThat(run.startedAtMs()).isEqualTo(1_700_000_000_000L);
        List<IterationRecord> records = history.records().range("a", 0, Long.MAX_VALUE, 100);
        assertThat(records).hasSize(50);
        for (int i = 0; i < 50; i++) {
            float loss = i == 20 ? Float.NaN : i == 21 ? Float.POSITIVE_INFINITY : (float) (4.6 * Math.pow(0.98, i));
            assertThat(records.get(i).iteration().getIteration()).isEqualTo(i);
            assertThat(records.get(i).iteration().getLoss()).isEqualTo(Float.valueOf(loss));
            assertThat(records.get(i).iteration().getAccuracy()).isEqualTo(i / 100f);
            assertThat(records.get(i).producedAtMs()).isEqualTo(1_700_000_000_000L + 1000L * i);
        }
        List<EpochRecord> epochs =
                history.runs().epochs(history.runs().extent("a").orElseThrow());
        assertThat(epochs).extracting(e -> e.epoch().getValidationLoss()).containsExactly(4.1f, 3.1f, 2.1f, 1.1f, 0.1f);
        assertThat(epochs).extracting(e -> e.epoch().getIteration()).containsExactly(9L, 19L, 29L, 39L, 49L);
        assertThat(result.notes())
                .anyMatch(note -> note.contains("a run has no place for it: weights/norm"))
                .anyMatch(note -> note.contains("not a scalar: note/text_summary"));
    }

    @Test
    void readsScalarsThatAreTensors() throws Exception {
        imports.take(golden("tensors.events"), "t", "b", false);

        assertThat(history.records().range("b", 0, Long.MAX_VALUE, 100))
                .extracting(r -> r.iteration().getLoss())
                .containsExactly(2f, 1f, 0f, -1f, -2f, -3f, -4f, -5f);
        assertThat(history.runs().epochs(history.runs().extent("b").orElseThrow()))
                .extracting(e -> e.epoch().getTrainLoss())
                .containsExactly(0f, 0.25f, 0.5f, 0.75f, 1f, 1.25f, 1.5f, 1.75f);
    }

    @Test
    void aDamagedRecordIsNamedByItsOffsetAndWhatIsBeforeItCanBeTaken() throws Exception {
        byte[] bytes = Files.readAllBytes(golden("tensorboardx.events"));
        long[] offsets = offsets(bytes);
        long damaged = offsets[40];
        byte[] altered = bytes.clone();
        altered[(int) damaged + 14] ^= 1;
        Path file = write(altered);

        assertThatThrownBy(() -> imports.take(file, "tx", "a", false))
                .isInstanceOf(ArchiveException.class)
                .hasMessageContaining("tx: record at offset " + damaged)
                .hasMessageContaining("checksum of the record's data")
                .hasMessageContaining("nothing was imported")
                .hasMessageContaining("--partial");
        assertThat(history.runs().find("a")).isEmpty();

        EventFileImport.Result result = imports.take(file, "tx", "a", true);
        assertThat(result.notes()).anyMatch(note -> note.contains("offset " + damaged) && note.contains("40 events"));
        assertThat(history.runs().find("a").orElseThrow().iteration()).isBetween(10L, 25L);
    }

    @Test
    void aFileThatEndsTooEarlyAndOneThatIsNoneAreRefused() throws Exception {
        byte[] bytes = Files.readAllBytes(golden("tensorboardx.events"));
        long[] offsets = offsets(bytes);
        Path cut = write(java.util.Arrays.copyOf(bytes, (int) offsets[offsets.length - 1] + 20));
        assertThatThrownBy(() -> imports.take(cut, "cut", "a", false))
                .hasMessageContaining("cut: record at offset " + offsets[offsets.length - 1])
                .hasMessageContaining("the file ends within the record");
        Path none = write("this is no event file at all".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> imports.take(none, "none", "a", true))
                .hasMessageContaining("none has no scalar that a run can hold");
    }

    @Test
    void whatWasWrittenIsReadAgain() throws Exception {
        HistoryFixture fixture = new HistoryFixture(history);
        RandomRecords random = new RandomRecords(7);
        fixture.start("w", 1, HistoryFixture.started("w", 3, 2));
        List<IterationRecord> records = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            records.add(random.record("w", 1, i, i, 3, 2));
        }
        fixture.append(records);
        fixture.commit();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EventFileWriter.write(
                history,
                history.runs().find("w").orElseThrow(),
                history.runs().extent("w").orElseThrow(),
                out);

        TfRecords.Reader reader = new TfRecords.Reader(new ByteArrayInputStream(out.toByteArray()), "w");
        List<Event> events = new ArrayList<>();
        for (Optional<byte[]> e = reader.next(); e.isPresent(); e = reader.next()) {
            events.add(Event.decode(e.get()));
        }
        int values = 0;
        for (IterationRecord record : records) {
            var i = record.iteration();
            List<Event.Scalar> scalars = events.stream()
                    .filter(e -> e.step() == i.getIteration())
                    .flatMap(e -> e.scalars().stream())
                    .toList();
            if (i.hasLoss()) {
                assertThat(scalars).contains(new Event.Scalar("loss", i.getLoss()));
                values++;
            }
            for (int l = 0; l < i.getLayers().getL2Count(); l++) {
                assertThat(scalars)
                        .contains(new Event.Scalar(
                                "gradient.l2/0" + l + " layer " + l,
                                i.getLayers().getL2(l)));
                values++;
            }
            for (int b = 0; b < i.getBatchNorms().getDriftCount(); b++) {
                assertThat(scalars)
                        .contains(new Event.Scalar(
                                "bn.drift/0" + b + " bn " + b, i.getBatchNorms().getDrift(b)));
                values++;
            }
        }
        assertThat(values).isGreaterThan(1000);
    }

    private static long[] offsets(byte[] bytes) throws Exception {
        List<Long> offsets = new ArrayList<>();
        TfRecords.Reader reader = new TfRecords.Reader(new ByteArrayInputStream(bytes), "golden");
        long offset = reader.offset();
        while (reader.next().isPresent()) {
            offsets.add(offset);
            offset = reader.offset();
        }
        return offsets.stream().mapToLong(Long::longValue).toArray();
    }

    private Path golden(String name) throws Exception {
        try (InputStream in = EventFilesTest.class.getResourceAsStream("/tensorboard/" + name)) {
            return write(in.readAllBytes());
        }
    }

    private Path write(byte[] bytes) throws Exception {
        Path file = Files.createTempFile(directory, "events", "");
        return Files.write(file, bytes);
    }
}
