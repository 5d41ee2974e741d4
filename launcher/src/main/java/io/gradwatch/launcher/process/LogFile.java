package io.gradwatch.launcher.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Lines at the end of a file, written through at once. Safe for any thread. */
final class LogFile implements AutoCloseable {
    private static final long ROTATED_ABOVE_BYTES = 10L << 20;

    private final OutputStream out;

    private LogFile(OutputStream out) {
        this.out = out;
    }

    /** Opens a log for appending; one above 10 MiB is first renamed to {@code NAME.1}. */
    static LogFile open(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (Files.exists(file) && Files.size(file) > ROTATED_ABOVE_BYTES) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return new LogFile(Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    /** Writes a line. A log that cannot be written (a full disk, say) must not stop anything: the line is lost. */
    synchronized void line(String text) {
        try {
            out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // nowhere to say it
        }
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
