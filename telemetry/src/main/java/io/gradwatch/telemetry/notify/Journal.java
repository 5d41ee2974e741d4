package io.gradwatch.telemetry.notify;

import com.google.protobuf.InvalidProtocolBufferException;
import io.gradwatch.contract.v1.Envelope;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is still to be said, on the disk: a line of JSON for each thing that happened, forced to the disk before it counts. It
 * survives a rebuild of history, and a kill at any moment: then a message may be sent again, and none is lost. Thread-safe.
 */
final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final long COMPACT_FROM_BYTES = 4 << 20;

    /** Something in the journal that has not been told: {@code why} is empty while it is tried. */
    private record Entry(String channel, Item item, String why) {}

    private final Path file;
    private final Map<Long, Entry> open = new TreeMap<>(); // guarded by this, like the rest
    private final Map<Integer, Long> offsets = new TreeMap<>();
    private long nextNumber = 1;
    private FileChannel out;
    private long compactFrom = COMPACT_FROM_BYTES;

    private Journal(Path file, FileChannel out) {
        this.file = file;
        this.out = out;
    }

    /** Opens a journal, or begins one. */
    static Journal open(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Journal journal = new Journal(file, channel(file));
        journal.read();
        journal.compact();
        return journal;
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private void read() throws IOException {
        int unreadable = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            try {
                apply(new JsonObject(new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)));
            } catch (DecodeException
                    | ClassCastException
                    | NullPointerException
                    | IllegalArgumentException
                    | InvalidProtocolBufferException e) {
                unreadable++; // the last line of a process that was killed; a later one was written by the next
            }
        }
        if (unreadable > 0) {
            LOG.warn("{} lines of {} could not be read and were left out", unreadable, file);
        }
    }

    private void apply(JsonObject line) throws InvalidProtocolBufferException {
        switch (line.getString("e")) {
            case "queued" -> {
                long number = line.getLong("n");
                Envelope envelope = Envelope.parseFrom(Base64.getDecoder().decode(line.getString("record")));
                Item item = new Item(number, new Notice(envelope, line.getString("run")), line.getLong("at"));
                open.put(number, new Entry(line.getString("channel"), item, ""));
                nextNumber = Math.max(nextNumber, number + 1);
            }
            case "done" -> open.remove(line.getLong("n"));
            case "failed" ->
                open.computeIfPresent(
                        line.getLong("n"), (n, entry) -> new Entry(entry.channel, entry.item, line.getString("why")));
            case "again" ->
                open.computeIfPresent(line.getLong("n"), (n, entry) -> new Entry(entry.channel, entry.item, ""));
            case "read" -> offsets.put(line.getInteger("partition"), line.getLong("next"));
            case "number" -> nextNumber = Math.max(nextNumber, line.getLong("next"));
            default -> throw new IllegalArgumentException(line.getString("e"));
        }
    }

    /** The next offset of each partition of {@code gradwatch.alerts} that was read; the others were not. */
    synchronized Map<Integer, Long> offsets() {
        return Map.copyOf(offsets);
    }

    /** What a channel is still to be told, oldest first. */
    synchronized List<Item> queued(String channel) {
        return open.values().stream()
                .filter(entry -> entry.channel.equals(channel) && entry.why.isEmpty())
                .map(Entry::item)
                .toList();
    }

    /** What is still to be said by channels other than these. */
    synchronized List<Long> queuedForOthers(Set<String> channels) {
        return open.entrySet().stream()
                .filter(one -> one.getValue().why.isEmpty() && !channels.contains(one.getValue().channel))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What was given up, oldest first. */
    synchronized List<Undelivered> undelivered() {
        return open.values().stream()
                .filter(entry -> !entry.why.isEmpty())
                .map(entry -> new Undelivered(entry.channel, entry.item, entry.why))
                .toList();
    }

    /**
     * Takes notices for channels, and how far the topic has been read with them, at one stroke.
     *
     * @return the items by channel
     */
    synchronized Map<String, List<Item>> queue(
            Map<String, List<Notice>> byChannel, Map<Integer, Long> readUpTo, long nowMs) throws IOException {
        Map<String, List<Item>> items = new LinkedHashMap<>();
        List<JsonObject> lines = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        long number = nextNumber;
        for (Map.Entry<String, List<Notice>> one : byChannel.entrySet()) {
            for (Notice notice : one.getValue()) {
                Entry entry = new Entry(one.getKey(), new Item(number++, notice, nowMs), "");
                entries.add(entry);
                lines.add(line(entry));
                items.computeIfAbsent(one.getKey(), k -> new ArrayList<>()).add(entry.item);
            }
        }
        readUpTo.forEach((partition, next) -> lines.add(
                new JsonObject().put("e", "read").put("partition", partition).put("next", next)));
        write(lines);
        nextNumber = number;
        entries.forEach(entry -> open.put(entry.item.number(), entry));
        offsets.putAll(readUpTo);
        compactIfLong();
        return items;
    }

    /** These have been told, or nobody wants them told any more. */
    synchronized void done(Collection<Long> numbers) throws IOException {
        write(numbers.stream()
                .map(n -> new JsonObject().put("e", "done").put("n", n))
                .toList());
        open.keySet().removeAll(numbers);
        compactIfLong();
    }

    /** These are given up: kept, and not tried. */
    synchronized void failed(Collection<Long> numbers, String why) throws IOException {
        String reason = why.isEmpty() ? "unknown" : why;
        write(numbers.stream()
                .map(n -> new JsonObject().put("e", "failed").put("n", n).put("why", reason))
                .toList());
        numbers.forEach(n -> open.computeIfPresent(n, (k, entry) -> new Entry(entry.channel, entry.item, reason)));
    }

    /** One that was given up is to be tried again. */
    synchronized Item again(Undelivered one, long nowMs) throws IOException {
        Item item = new Item(one.item().number(), one.item().notice(), nowMs);
        Entry entry = new Entry(one.channel(), item, "");
        write(List.of(line(entry)));
        open.put(item.number(), entry);
        return item;
    }

    private static JsonObject line(Entry entry) {
        return new JsonObject()
                .put("e", "queued")
                .put("n", entry.item.number())
                .put("channel", entry.channel)
                .put("at", entry.item.queuedAtMs())
                .put("run", entry.item.notice().runName())
                .put(
                        "record",
                        Base64.getEncoder()
                                .encodeToString(entry.item.notice().envelope().toByteArray()));
    }

    private void write(List<JsonObject> lines) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.encode()).append('\n'));
        long before = out.size();
        try {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(false);
        } catch (IOException e) {
            out.truncate(before); // half a line would spoil the next one
            throw e;
        }
    }

    private void compactIfLong() throws IOException {
        if (out.size() > compactFrom) {
            compact();
        }
    }

    /** Writes what still counts to a new file, which takes the old one's place at one stroke. */
    private synchronized void compact() throws IOException {
        Path anew = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(anew);
        FileChannel old = out;
        FileChannel next = channel(anew);
        List<JsonObject> lines = new ArrayList<>();
        lines.add(new JsonObject().put("e", "number").put("next", nextNumber));
        offsets.forEach((partition, n) -> lines.add(
                new JsonObject().put("e", "read").put("partition", partition).put("next", n)));
        open.values().forEach(entry -> {
            lines.add(line(entry));
            if (!entry.why.isEmpty()) {
                lines.add(new JsonObject()
                        .put("e", "failed")
                        .put("n", entry.item.number())
                        .put("why", entry.why));
            }
        });
        out = next;
        try {
            write(lines);
            Files.move(anew, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            out = old;
            next.close();
            throw e;
        }
        old.close();
        compactFrom = Math.max(COMPACT_FROM_BYTES, 2 * out.size());
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}
