package io.gradwatch.telemetry.history;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history file {@code history.duckdb} of a data directory, held open by one service at a time.
 *
 * <p>The log is the truth, but Kafka may have deleted what history still has. So a file of an older version is brought to
 * this one in place (see {@link Migration}). A damaged file, or one of a version that is too old for that, is moved aside,
 * never deleted, and history begins anew from the start of the log. A file of a newer version, or one that is not
 * Gradwatch's, is left alone and refused: there a person has to decide.
 */
public final class History implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(History.class);
    private static final String FILE = "history.duckdb";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Memory of the database outside of the Java heap. */
    private static final String MEMORY_LIMIT = "320MB";

    private final FileChannel lock;
    private final DuckDBConnection connection;
    private final Path file;
    private final HistoryWriter writer;
    private final Readers readers;
    private final Keys keys;

    private History(FileChannel lock, DuckDBConnection connection, Path file) throws SQLException {
        this.lock = lock;
        this.connection = connection;
        this.file = file;
        this.readers = new Readers(connection);
        this.keys = Keys.above(connection);
        this.writer = new HistoryWriter(connection, keys);
    }

    /**
     * Opens the history in a directory, creating both if missing.
     *
     * @param directory for history alone
     * @throws HistoryUnavailableException when another service has it open, when it is of another version or not
     *     Gradwatch's, or when the directory cannot be written
     */
    public static History open(Path directory, Clock clock) throws HistoryUnavailableException {
        FileChannel lock = lock(directory);
        Path file = directory.resolve(FILE);
        try {
            return new History(lock, connect(file, clock), file);
        } catch (SQLException | IOException e) {
            close(lock);
            throw new HistoryUnavailableException(
                    "cannot open " + file + ": " + e.getMessage() + "; accepted is a directory that can be written", e);
        } catch (HistoryUnavailableException e) {
            close(lock);
            throw e;
        }
    }

    /** What writes; for one thread. */
    public HistoryWriter writer() {
        return writer;
    }

    /** Questions about runs and epochs. */
    public RunQueries runs() {
        return new RunQueries(readers);
    }

    /** Series and heat maps. */
    public SeriesQueries series() {
        return new SeriesQueries(readers);
    }

    /** How runs do, in little. Whoever asks often keeps it: it remembers what it has computed. */
    public OverviewQueries overviews() {
        return new OverviewQueries(readers);
    }

    /** What newer attempts have replaced. */
    public SupersededQueries superseded() {
        return new SupersededQueries(readers);
    }

    /** Whether there is room to write. */
    public DiskRoom room() {
        return new DiskRoom(requireNonNull(file.toAbsolutePath().getParent()));
    }

    /** Where two runs part. */
    public DivergenceQueries divergence() {
        return new DivergenceQueries(readers);
    }

    /** Commands to runs. */
    public CommandQueries commands() {
        return new CommandQueries(readers);
    }

    /** Questions about alerts. */
    public AlertQueries alerts() {
        return new AlertQueries(readers);
    }

    /** Records as they were in the log. */
    public RecordQueries records() {
        return new RecordQueries(readers);
    }

    /** Places in what was recorded. */
    public ReplayQueries replays() {
        return new ReplayQueries(readers);
    }

    /** How gradients and parameters were distributed. */
    public HistogramQueries histograms() {
        return new HistogramQueries(readers);
    }

    /** Whole tables of a run, piece by piece. */
    public Exports exports() {
        return new Exports(readers);
    }

    /** Whole runs as Parquet files, and back. */
    public RunFiles files() {
        return new RunFiles(connection, readers, keys);
    }

    /** Where the rows of runs came from. */
    public RunOrigins origins() {
        return new RunOrigins(readers);
    }

    /** The size of runs, and whether two histories are equal. */
    public RunMeasures measures() {
        return new RunMeasures(readers, file);
    }

    /** What was kept aside, and what was counted. */
    public ServiceQueries service() {
        return new ServiceQueries(readers, file);
    }

    /**
     * Puts another history file in the place of a directory's, at one stroke: whoever opens the directory finds the one or
     * the other. Neither may be open.
     *
     * @param from directory of the new file, which is no longer there afterwards
     * @return the old file, under another name
     */
    public static Path replace(Path directory, Path from, Clock clock) throws HistoryUnavailableException, IOException {
        FileChannel lock = lock(directory);
        try {
            Path file = directory.resolve(FILE);
            Path old = directory.resolve(FILE + ".before-" + STAMP.format(clock.instant()));
            if (Files.exists(directory.resolve(FILE + ".wal"))) {
                throw new HistoryUnavailableException(
                        file + " was not closed; open it with a service once, and end that");
            }
            Files.createLink(old, file);
            Files.move(from.resolve(FILE), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
                folder.force(true);
            }
            return old;
        } finally {
            close(lock);
        }
    }

    /** Rolls back what was not committed, and closes the file with everything in it (no write-ahead log is left). */
    @Override
    public void close() {
        try {
            writer.close();
            readers.close();
            Sql.execute(connection, "CHECKPOINT");
        } catch (SQLException e) {
            LOG.warn("History could not be written back completely; its log will be replayed: {}", e.getMessage());
        } finally {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.warn("History did not close: {}", e.getMessage());
            }
            close(lock);
        }
    }

    private static DuckDBConnection connect(Path file, Clock clock)
            throws SQLException, IOException, HistoryUnavailableException {
        DuckDBConnection connection = null;
        try {
            if (Files.exists(file) && Files.size(file) == 0) {
                throw new DamagedException("the file is empty");
            }
            connection = connection(file);
            Optional<Older> older = check(connection, file);
            if (older.isEmpty()) {
                return connection;
            }
            if (Migration.isPossible(older.get().version())) {
                Migration.run(connection, older.get().version());
                LOG.info(
                        "History {} was of version {} and is of version {} now",
                        file,
                        older.get().version(),
                        Schema.VERSION);
                return connection;
            }
            connection.close();
            return anew(file, older.get(), clock);
        } catch (SQLException | DamagedException e) {
            if (connection != null) {
                connection.close();
            }
            if (!Files.exists(file) || !isDamage(e)) {
                throw e instanceof SQLException s ? s : new SQLException(e);
            }
            Path aside = moveAside(file, "damaged", clock);
            LOG.warn(
                    "History {} is damaged ({}). It was moved to {}, and is rebuilt from the log now.",
                    file,
                    firstLine(e),
                    aside);
            DuckDBConnection anew = connection(file);
            Schema.create(anew);
            return anew;
        } catch (HistoryUnavailableException e) {
            if (connection != null) {
                connection.close();
            }
            throw e;
        }
    }

    /** A file of a version below this one: brought to this one, or else replaced, as it is a view of the log. */
    private record Older(int version, Optional<String> clusterId) {}

    private static DuckDBConnection anew(Path file, Older older, Clock clock) throws SQLException, IOException {
        Path aside = moveAside(file, "version-" + older.version(), clock);
        LOG.warn(
                "History {} is of version {}, this Gradwatch writes version {}. It was moved to {}, and history is rebuilt"
                        + " from Kafka now. Delete the old file when the runs in it are shown again.",
                file,
                older.version(),
                Schema.VERSION,
                aside);
        DuckDBConnection anew = connection(file);
        Schema.create(anew);
        if (older.clusterId().isPresent()) { // another cluster must not be taken for the one that it came from
            Sql.update(
                    anew,
                    "INSERT INTO meta VALUES ('cluster_id', ?)",
                    older.clusterId().get());
        }
        return anew;
    }

    /** Refuses what is not a history, or a newer one; creates an empty one; tells an older one. */
    private static Optional<Older> check(DuckDBConnection connection, Path file)
            throws SQLException, HistoryUnavailableException {
        if (Schema.isEmpty(connection)) {
            Schema.create(connection);
            return Optional.empty();
        }
        Optional<String> version = Schema.version(connection);
        if (version.isEmpty()) {
            throw new HistoryUnavailableException(file + " is a DuckDB database, but not a history of Gradwatch;"
                    + " accepted is another --data-dir, or this one with the file moved away");
        }
        if (version.get().matches("[0-9]{1,8}") && Integer.parseInt(version.get()) < Schema.VERSION) {
            return Optional.of(new Older(Integer.parseInt(version.get()), Schema.meta(connection, "cluster_id")));
        }
        if (!version.get().equals(Integer.toString(Schema.VERSION))) {
            throw new HistoryUnavailableException(file + " is a history of version " + version.get()
                    + "; accepted is version " + Schema.VERSION
                    + " (use the Gradwatch that made it, or move the file away: it is rebuilt from Kafka then)");
        }
        return Optional.empty();
    }

    private static DuckDBConnection connection(Path file) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("memory_limit", MEMORY_LIMIT);
        properties.setProperty("threads", "2");
        properties.setProperty("preserve_insertion_order", "false");
        properties.setProperty("temp_directory", file.resolveSibling("tmp").toString());
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        return (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file, properties);
    }

    private static boolean isDamage(Exception e) {
        String message = String.valueOf(e.getMessage());
        return e instanceof DamagedException
                || message.contains("not a valid DuckDB database")
                || message.contains("Corrupt")
                || message.contains("corrupt")
                || message.contains("Serialization Error")
                || message.contains("INTERNAL Error");
    }

    private static Path moveAside(Path file, String why, Clock clock) throws IOException {
        String suffix = "." + why + "-" + STAMP.format(clock.instant());
        Path aside = file.resolveSibling(FILE + suffix);
        Files.move(file, aside);
        Path wal = file.resolveSibling(FILE + ".wal");
        if (Files.exists(wal)) {
            Files.move(wal, file.resolveSibling(FILE + ".wal" + suffix));
        }
        return aside;
    }

    private static FileChannel lock(Path directory) throws HistoryUnavailableException {
        Path file = directory.resolve("service.lock");
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                LOG.debug("This process itself holds {}", file, e);
            }
            channel.close();
        } catch (IOException e) {
            throw new HistoryUnavailableException(
                    "cannot write " + directory + ": " + e + "; accepted is a --data-dir that can be written", e);
        }
        throw new HistoryUnavailableException(directory
                + " is in use by another telemetry service; accepted is another --data-dir, or end that service");
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("The lock of history did not close: {}", e.getMessage());
        }
    }

    private static String firstLine(Exception e) {
        List<String> lines = String.valueOf(e.getMessage()).lines().toList();
        return lines.isEmpty() ? e.toString() : lines.get(0);
    }

    /** The file is not a database, though DuckDB might take it for one. */
    private static final class DamagedException extends Exception {
        private static final long serialVersionUID = 1;

        DamagedException(String message) {
            super(message);
        }
    }
}
