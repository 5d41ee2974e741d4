package io.gradwatch.experiments.table1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The book on disk: JSON Lines, one entry each, only ever appended to. What {@link #append} has returned from survives
 * the process and the power. A line that a crash cut off is reported, and cut away before the next one is written.
 */
public final class BookFile implements AutoCloseable {
    private final FileChannel channel;

    private BookFile(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * What a file holds.
     *
     * @param book of the lines that can be read
     * @param problems one for each line that cannot, for people
     * @param length of the file up to the end of its last good or completely written line, bytes
     * @param endsWithLine whether a line's end stands there
     */
    public record Contents(Book book, List<String> problems, long length, boolean endsWithLine) {
        public Contents {
            problems = List.copyOf(problems);
        }
    }

    /** Reads the file, also while another process writes to it; no file is an empty book. */
    public static Contents read(Path file) throws IOException {
        return Files.exists(file) ? parse(Files.readAllBytes(file), file.toString()) : parse(new byte[0], "");
    }

    static Contents parse(byte[] bytes, String name) {
        List<Entry> entries = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        long length = 0;
        boolean endsWithLine = true;
        int number = 1;
        for (int from = 0; from < bytes.length; number++) {
            int to = endOfLine(bytes, from);
            boolean complete = to < bytes.length;
            try {
                entries.add(EntryJson.read(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
                length = to + (complete ? 1 : 0);
                endsWithLine = complete;
            } catch (IllegalArgumentException e) {
                String what = complete ? e.getMessage() : "was cut off while it was written";
                problems.add(name + ": line " + number + " " + what + "; it is ignored");
                length = complete ? to + 1 : length;
            }
            from = to + 1;
        }
        return new Contents(new Book(entries), problems, length, endsWithLine);
    }

    private static int endOfLine(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /**
     * Opens the file for appending, behind what {@code contents} say is good; the folder must exist. One writer at a time:
     * see {@link TableLock}.
     */
    public static BookFile open(Path file, Contents contents) throws IOException {
        boolean isNew = !Files.exists(file);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            channel.truncate(contents.length());
            channel.position(contents.length());
            BookFile book = new BookFile(channel);
            if (!contents.endsWithLine()) {
                book.write("\n");
            }
            if (isNew) {
                DurableFiles.syncFolderOf(file);
            }
            return book;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Writes an entry; returns when it is on the disk. */
    public void append(Entry entry) throws IOException {
        write(EntryJson.write(entry) + "\n");
    }

    private void write(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
