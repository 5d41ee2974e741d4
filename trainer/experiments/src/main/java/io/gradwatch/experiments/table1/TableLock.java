package io.gradwatch.experiments.table1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The right to train the table on a data directory; ends with the process at the latest. */
public final class TableLock implements AutoCloseable {
    private final FileChannel channel;

    private TableLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes it; empty if another process has it. The folder must exist. */
    public static Optional<TableLock> take(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                channel.truncate(0);
                String pid = Long.toString(ProcessHandle.current().pid());
                channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)));
                return Optional.of(new TableLock(channel));
            }
        } catch (OverlappingFileLockException e) {
            // this process has it already
        }
        channel.close();
        return Optional.empty();
    }

    /** Number of the process that has the lock, "unknown" if it has only just taken it. */
    public static String owner(Path file) throws IOException {
        String pid = Files.readString(file).strip();
        return pid.isEmpty() ? "unknown" : pid;
    }

    @Override
    public void close() throws IOException {
        channel.truncate(0);
        channel.close();
    }
}
