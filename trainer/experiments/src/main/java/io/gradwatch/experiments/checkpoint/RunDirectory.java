package io.gradwatch.experiments.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The folder of one run, in the use of this process alone until {@link #close}, or until the process ends. For one
 * thread.
 */
public final class RunDirectory implements AutoCloseable {
    static final String MANIFEST = "run.json";
    private static final String LOCK = "lock";
    /** Behind the name of a checkpoint: the name of an empty file that says that it stays. */
    private static final String KEPT = ".keep";

    private static final Pattern NAME = Pattern.compile("iteration-(\\d{1,18})\\.zip");

    /** Folders that this process has: closing a second channel to a file would give up the lock of the first. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel lock;

    private RunDirectory(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Makes the folder if it is not there, and takes it.
     *
     * @throws RunInUseException another process, or another part of this one, has it
     * @throws IOException it cannot be made or written
     */
    static RunDirectory open(Path folder) throws IOException {
        Path held = folder.toAbsolutePath().normalize();
        String pid = Long.toString(ProcessHandle.current().pid());
        if (!HELD.add(held)) {
            throw inUse(folder, pid);
        }
        try {
            return new RunDirectory(held, lock(held, pid));
        } catch (IOException | RuntimeException e) {
            HELD.remove(held);
            throw e;
        }
    }

    private static FileChannel lock(Path folder, String pid) throws IOException {
        Files.createDirectories(folder);
        FileChannel channel = FileChannel.open(
                folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw inUse(folder, pidIn(channel));
            }
            channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            deleteUnfinished(folder);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static RunInUseException inUse(Path folder, String pid) {
        return new RunInUseException("run " + folder.getFileName() + " is being trained by process " + pid
                + ": wait for its end, or stop it first");
    }

    private static String pidIn(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(20);
        channel.read(pid, 0);
        String text = new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).strip();
        return text.isEmpty() ? "that has just started" : text;
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /**
     * What the run is; empty in a new folder.
     *
     * @throws IOException it cannot be read
     */
    public Optional<RunManifest> manifest() throws IOException {
        return manifest(folder);
    }

    static Optional<RunManifest> manifest(Path folder) throws IOException {
        Path file = folder.resolve(MANIFEST);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(Files.readAllBytes(file), RunManifest.class, RunManifest.FORMAT_VERSION));
        } catch (IOException e) {
            throw new IOException(file + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Replaces {@link #manifest}; when this returns, it is durable. */
    public void write(RunManifest manifest) throws IOException {
        byte[] json = Json.write(manifest);
        DurableFile.replace(folder.resolve(MANIFEST), channel -> {
            ByteBuffer left = ByteBuffer.wrap(json);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        });
    }

    /**
     * Writes a checkpoint; when this returns, it is durable. One of the same iteration is replaced.
     *
     * @param network whose parameters and updater are written
     * @param bestParameters of the best epoch; null before the first validation
     * @return the file's name
     */
    public String save(RunState state, ComputationGraph network, @Nullable INDArray bestParameters) throws IOException {
        String name = nameOf(state.iteration());
        CheckpointFile.write(folder.resolve(name), state, network, bestParameters);
        return name;
    }

    /** Lets a checkpoint stay whatever {@link #retain} is told. */
    public void keep(String name) throws IOException {
        Path mark = folder.resolve(name + KEPT);
        if (!Files.exists(mark)) {
            Files.createFile(mark);
        }
    }

    /**
     * Deletes all checkpoints but the newest, one more, and those to be {@link #keep kept}.
     *
     * @param newest how many, at least 1
     * @param alsoIteration steps done in one that stays whatever its age; null for none
     */
    public void retain(int newest, @Nullable Long alsoIteration) throws IOException {
        List<String> names = checkpoints();
        for (String name : names.subList(Math.min(newest, names.size()), names.size())) {
            boolean wanted = alsoIteration != null && iterationOf(name) == alsoIteration;
            if (!wanted && !Files.exists(folder.resolve(name + KEPT))) {
                delete(name);
            }
        }
    }

    /** Deletes a checkpoint, if it is there. */
    public void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
        Files.deleteIfExists(folder.resolve(name + KEPT));
    }

    /** Names of the checkpoints of a later iteration, the newest first. */
    public List<String> checkpointsAfter(long iteration) throws IOException {
        return checkpoints().stream()
                .filter(name -> iterationOf(name) > iteration)
                .toList();
    }

    /** Names of the checkpoints, the newest first; nothing is said about what is in them. */
    public List<String> checkpoints() throws IOException {
        return checkpoints(folder);
    }

    static List<String> checkpoints(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (NAME.matcher(name).matches()) {
                    names.add(name);
                }
            }
        }
        names.sort(Comparator.comparingLong(RunDirectory::iterationOf).reversed());
        return List.copyOf(names);
    }

    /** Steps done at a checkpoint. */
    static long iterationOf(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(name);
        }
        return Long.parseLong(matcher.group(1));
    }

    private static String nameOf(long iteration) {
        return "iteration-" + iteration + ".zip";
    }

    /**
     * Reads a checkpoint and checks all of it.
     *
     * @param name from {@link #checkpoints}
     * @throws DamagedCheckpointException naming the file and what is wrong with it
     */
    public Checkpoint load(String name) throws DamagedCheckpointException {
        return CheckpointFile.read(folder.resolve(name));
    }

    /** The newest checkpoint that can be used; empty if there is none. Reads those that cannot be used, too. */
    public Optional<String> newestGood() throws IOException {
        for (String name : checkpoints()) {
            try (Checkpoint good = load(name)) {
                return Optional.of(good.fileName());
            } catch (DamagedCheckpointException e) {
                // an older one may be good
            }
        }
        return Optional.empty();
    }

    /** What nobody will finish. */
    private static void deleteUnfinished(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + DurableFile.UNFINISHED)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Gives the folder up; a second call does nothing. */
    @Override
    public void close() {
        if (!lock.isOpen()) {
            return;
        }
        try {
            lock.close();
        } catch (IOException e) {
            // the end of the process gives it up
        }
        HELD.remove(folder);
    }
}
