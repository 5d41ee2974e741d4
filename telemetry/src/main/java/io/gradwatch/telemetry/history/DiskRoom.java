package io.gradwatch.telemetry.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether there is room on disk for history to grow. DuckDB cannot go on with a file after a write to it has failed; so
 * writing stops before, while everything can still be read. Any thread.
 */
public final class DiskRoom {
    /** Bytes that are left alone: more than a commit, its checkpoint and the spilling of a few queries take. */
    static final long RESERVE = 64L << 20;

    /** Asks a file system how many bytes it has left. */
    interface Free {
        long bytes() throws IOException;
    }

    private final Path directory;
    private final Free free;

    DiskRoom(Path directory) {
        this(directory, () -> Files.getFileStore(directory).getUsableSpace());
    }

    DiskRoom(Path directory, Free free) {
        this.directory = directory;
        this.free = free;
    }

    /** Bytes that others may take; as many as they like when the file system does not tell. */
    public long spare() {
        try {
            return free.bytes() - RESERVE;
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    /** What is lacking, in words; empty when there is room, or when the file system does not tell. */
    public Optional<String> shortage() {
        try {
            long bytes = free.bytes();
            return bytes >= RESERVE
                    ? Optional.empty()
                    : Optional.of("the disk is full: " + directory + " has " + (bytes >> 20) + " MiB left, at least "
                            + (RESERVE >> 20)
                            + " MiB are needed; nothing is lost, and reading from Kafka goes on as soon as"
                            + " there is room");
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
