package io.gradwatch.launcher.datadir;

import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * This process's exclusive use of a data directory, which ends with the process at the latest. Safe for any thread.
 */
public final class DataDirectoryLock implements AutoCloseable {
    private static final Duration ORPHANS_END_WITHIN = Duration.ofSeconds(15);

    private final DataDirectory directory;
    private final FileChannel channel;
    private Instance instance; // guarded by this

    private DataDirectoryLock(DataDirectory directory, FileChannel channel, Instance instance) {
        this.directory = directory;
        this.channel = channel;
        this.instance = instance;
    }

    /**
     * Takes a prepared directory, and waits until the children of a launcher that was killed have ended too.
     *
     * @throws Problem another process has it
     */
    public static DataDirectoryLock take(DataDirectory directory) {
        try {
            FileChannel channel =
                    FileChannel.open(directory.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw inUse(directory);
            }
            Optional<Instance> previous = InstanceFile.read(directory.instanceFile());
            if (previous.isPresent()) {
                awaitOrphans(previous.get());
            }
            deleteForgottenFiles(directory.temporary());
            DataDirectoryLock lock = new DataDirectoryLock(directory, channel, Instance.starting());
            lock.write();
            return lock;
        } catch (IOException e) {
            throw Problem.usage("Data directory " + directory.root() + " cannot be locked: " + e.getMessage());
        }
    }

    /** The instance that runs on a directory and can be reached; empty without one. */
    public static Optional<Instance> running(DataDirectory directory) {
        try {
            return InstanceFile.read(directory.instanceFile())
                    .filter(Instance::isAlive)
                    .filter(instance -> instance.url() != null);
        } catch (IOException e) {
            throw Problem.failure(directory.instanceFile() + " cannot be read: " + e.getMessage());
        }
    }

    /** Tells other commands where Kafka and the dashboard are, and a later launcher which processes are ours. */
    public synchronized void publish(
            String kafka,
            @Nullable String kafkaConfig,
            @Nullable String url,
            @Nullable String tlsCertificate,
            List<Long> children)
            throws IOException {
        instance =
                new Instance(instance.pid(), instance.startedAt(), kafka, kafkaConfig, url, tlsCertificate, children);
        write();
    }

    @Override
    public synchronized void close() {
        try {
            Files.deleteIfExists(directory.instanceFile());
            channel.close();
        } catch (IOException e) {
            // the end of the process gives it up
        }
    }

    private void write() throws IOException {
        InstanceFile.write(directory.instanceFile(), instance);
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static Problem inUse(DataDirectory directory) throws IOException {
        Optional<Instance> user = InstanceFile.read(directory.instanceFile());
        String who = user.map(i -> "process " + i.pid() + (i.url() == null ? "" : ", " + i.url()))
                .orElse("a process that has just started");
        return Problem.usage("Data directory " + directory.root() + " is in use by another gradwatch (" + who
                + "). Use that one, stop it first, or give another directory with --data-dir DIR");
    }

    private static void awaitOrphans(Instance previous) throws IOException {
        for (long pid : previous.children()) {
            Optional<ProcessHandle> orphan = ProcessHandle.of(pid).filter(p -> isChildOf(p, previous));
            if (orphan.isPresent()) {
                try {
                    orphan.get().onExit().get(ORPHANS_END_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    throw Problem.failure(
                            "Process " + pid + " of a gradwatch that was killed still runs. Stop it first");
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                } catch (ExecutionException e) {
                    throw new IOException(e.getCause());
                }
            }
        }
    }

    /** What JVMs that were killed had unpacked. */
    private static void deleteForgottenFiles(Path folder) {
        Instant forgotten = Instant.now().minus(Duration.ofDays(1));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (Files.isRegularFile(file)
                        && Files.getLastModifiedTime(file).toInstant().isBefore(forgotten)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            // they only take space
        }
    }

    /** A child's number may since have gone to another program. */
    private static boolean isChildOf(ProcessHandle process, Instance previous) {
        String java = ProcessHandle.current().info().command().orElse("java");
        return process.info().command().orElse("").equals(java)
                && process.info()
                        .startInstant()
                        .map(start -> start.isAfter(previous.startedAt()))
                        .orElse(false);
    }
}
