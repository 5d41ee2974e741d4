package io.gradwatch.telemetry.history;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Questions about the service itself. Any thread; every method may block, and throws {@link HistoryException}. */
public final class ServiceQueries {
    private final Readers readers;
    private final Path file;

    ServiceQueries(Readers readers, Path file) {
        this.readers = readers;
        this.file = file;
    }

    /** The offset that is read next of a partition: everything below it is in history. 0 when nothing of it is. */
    public long nextOffset(String topic, int partition) {
        return readers.read(c -> Sql.first(
                        c,
                        "SELECT next_offset FROM offsets WHERE topic = ? AND partition = ?",
                        row -> row.getLong(1),
                        topic,
                        partition)
                .orElse(0L));
    }

    /** What has been read from the log, as committed. */
    public Counters counters() {
        return readers.read(ServiceQueries::readCounters);
    }

    /** Iteration records of all runs and attempts. */
    public long iterations() {
        return readers.read(
                c -> Sql.query(c, "SELECT coalesce(sum(records), 0)::BIGINT FROM attempts", row -> row.getLong(1))
                        .get(0));
    }

    /** Records that Kafka had deleted before they were read, oldest finding first. */
    public List<Loss> losses() {
        return readers.read(c -> Sql.query(
                c,
                "SELECT topic, partition, first_offset, last_offset, noticed_at FROM losses ORDER BY noticed_at, topic,"
                        + " partition",
                row -> new Loss(row.getString(1), row.getInt(2), row.getLong(3), row.getLong(4), row.getLong(5))));
    }

    /** Bytes of the file and its write-ahead log. */
    public long bytes() {
        return size(file) + size(file.resolveSibling(file.getFileName() + ".wal"));
    }

    /** Records kept aside, newest first, without their bytes. {@code before}: only those of smaller numbers. */
    public Page<QuarantinedRecord, Long> quarantine(Optional<Long> before, int limit) {
        List<QuarantinedRecord> found = readers.read(c -> Sql.query(
                c,
                "SELECT number, topic, partition, \"offset\", \"time\", key, reason, size FROM quarantine"
                        + " WHERE number < ? ORDER BY number DESC LIMIT " + (limit + 1),
                row -> new QuarantinedRecord(
                        row.getLong(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getString(6),
                        row.getString(7),
                        row.getLong(8),
                        ByteString.EMPTY),
                before.orElse(Long.MAX_VALUE)));
        List<QuarantinedRecord> part = found.subList(0, Math.min(found.size(), limit));
        return new Page<>(
                part,
                found.size() > part.size()
                        ? Optional.of(part.get(part.size() - 1).number())
                        : Optional.empty());
    }

    static Counters readCounters(Connection c) throws SQLException {
        Map<String, Long> values = new HashMap<>();
        Sql.query(c, "SELECT name, value FROM counters", row -> values.put(row.getString(1), row.getLong(2)));
        return new Counters(
                values.getOrDefault("records", 0L),
                values.getOrDefault("iterations", 0L),
                values.getOrDefault("malformed", 0L),
                values.getOrDefault("unknown", 0L),
                values.getOrDefault("last_record_at", 0L));
    }

    static void writeCounters(Connection c, Counters counters) throws SQLException {
        write(c, "records", counters.records());
        write(c, "iterations", counters.iterations());
        write(c, "malformed", counters.malformed());
        write(c, "unknown", counters.unknown());
        write(c, "last_record_at", counters.lastRecordAtMs());
    }

    private static void write(Connection c, String name, long value) throws SQLException {
        if (Sql.update(c, "UPDATE counters SET value = ? WHERE name = ?", value, name) == 0) {
            Sql.update(c, "INSERT INTO counters VALUES (?, ?)", name, value);
        }
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return 0;
        }
    }
}
