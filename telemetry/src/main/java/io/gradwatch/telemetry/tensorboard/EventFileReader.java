package io.gradwatch.telemetry.tensorboard;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads an event file as far as it can be read, and keeps what a run can hold. */
final class EventFileReader {
    private final Map<Target, Map<String, Series>> series = new EnumMap<>(Target.class);
    private final Map<String, String> left = new TreeMap<>();
    private @Nullable String damage;
    private long events;

    private EventFileReader() {}

    /**
     * Reads a file.
     *
     * @param name what it is called, for messages
     */
    static EventFileReader read(Path file, String name) throws IOException {
        EventFileReader reader = new EventFileReader();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            TfRecords.Reader records = new TfRecords.Reader(in, name);
            while (true) {
                long offset = records.offset();
                Optional<byte[]> record = records.next();
                if (record.isEmpty()) {
                    break;
                }
                reader.take(record.get(), name, offset);
            }
        } catch (DamagedEventFileException e) {
            reader.damage = e.getMessage();
        }
        return reader;
    }

    private void take(byte[] record, String name, long offset) throws DamagedEventFileException {
        Event event;
        try {
            event = Event.decode(record);
        } catch (IOException e) {
            throw new DamagedEventFileException(
                    name + ": record at offset " + offset + " is not an Event: " + e.getMessage(), e);
        }
        events++;
        if (event.step() < 0) {
            throw new DamagedEventFileException(
                    name + ": record at offset " + offset + ": step is " + event.step() + "; accepted is 0 and above");
        }
        event.others().forEach(tag -> left.put(tag, "not a scalar"));
        for (Event.Scalar scalar : event.scalars()) {
            Optional<Target> target = Target.of(scalar.tag());
            if (target.isEmpty()) {
                left.put(scalar.tag(), "a run has no place for it");
            } else {
                series.computeIfAbsent(target.get(), t -> new HashMap<>())
                        .computeIfAbsent(scalar.tag(), t -> new Series())
                        .add(event.step(), scalar.value(), event.wallTime());
            }
        }
    }

    /** What stopped the reading before the end of the file; empty: nothing. */
    Optional<String> damage() {
        return Optional.ofNullable(damage);
    }

    /** Events that were read. */
    long events() {
        return events;
    }

    /** The series that are taken, one for each target: of several tags the one whose name is preferred. */
    Map<Target, Series> taken() {
        Map<Target, Series> taken = new EnumMap<>(Target.class);
        series.forEach((target, byTag) -> {
            String best = new TreeSet<>(byTag.keySet())
                    .stream()
                            .min(java.util.Comparator.comparingInt(target::rank))
                            .orElseThrow();
            byTag.keySet().stream()
                    .filter(tag -> !tag.equals(best))
                    .forEach(tag -> left.put(tag, "\"" + best + "\" is taken for the same"));
            taken.put(target, java.util.Objects.requireNonNull(byTag.get(best)));
        });
        return taken;
    }

    /** Tags that are not taken, and why; complete after {@link #taken}. */
    Map<String, String> left() {
        return left;
    }
}
