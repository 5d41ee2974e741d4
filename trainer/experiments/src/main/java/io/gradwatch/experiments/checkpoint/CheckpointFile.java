package io.gradwatch.experiments.checkpoint;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The form of a checkpoint: a zip file that Deeplearning4j's {@link ModelSerializer} loads, with two entries of our own,
 * {@value #STATE} and {@value #BEST}. Its comment ends with the SHA-256 of the whole file, taken with zeros in the place
 * of the check sum, so that any change of any byte shows.
 *
 * <p>Of what Deeplearning4j would read, only the arrays are read here; the configuration is for other programs.
 */
final class CheckpointFile {
    static final String STATE = "gradwatch.json";
    static final String BEST = "bestParameters.bin";

    private static final String COMMENT = "Gradwatch checkpoint, SHA-256 ";
    private static final int CHECK_SUM_LENGTH = 64;
    private static final String ZEROS = "0".repeat(CHECK_SUM_LENGTH);
    /** Shorter than any zip file with our comment. */
    private static final int LEAST_LENGTH = 22 + COMMENT.length() + CHECK_SUM_LENGTH;

    private CheckpointFile() {}

    /** Writes the run's state; when this returns, it is durable. On failure the old file, if any, stays. */
    static void write(Path file, RunState state, ComputationGraph network, @Nullable INDArray bestParameters)
            throws IOException {
        DurableFile.replace(file, channel -> {
            DigestOutputStream digesting = new DigestOutputStream(
                    new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16), sha256());
            ZipOutputStream zip = new ZipOutputStream(digesting, StandardCharsets.UTF_8);
            zip.setLevel(Deflater.NO_COMPRESSION); // trained numbers hardly shrink
            zip.setComment(COMMENT + ZEROS);
            entry(zip, ModelSerializer.CONFIGURATION_JSON)
                    .write(network.getConfiguration().toJson().getBytes(StandardCharsets.UTF_8));
            array(zip, ModelSerializer.COEFFICIENTS_BIN, network.params());
            array(zip, ModelSerializer.UPDATER_BIN, network.getUpdater().getStateViewArray());
            entry(zip, STATE).write(Json.write(state));
            if (bestParameters != null) {
                array(zip, BEST, bestParameters);
            }
            zip.finish();
            digesting.flush();
            String checkSum = hex(digesting.getMessageDigest());
            channel.write(
                    ByteBuffer.wrap(checkSum.getBytes(StandardCharsets.US_ASCII)), channel.size() - CHECK_SUM_LENGTH);
        });
    }

    /** @throws DamagedCheckpointException naming the file and what is wrong with it */
    static Checkpoint read(Path file) throws DamagedCheckpointException {
        try {
            check(file);
            try (ZipFile zip = new ZipFile(file.toFile())) {
                RunState state = Json.read(bytes(zip, STATE), RunState.class, RunState.FORMAT_VERSION);
                INDArray best = zip.getEntry(BEST) == null ? null : array(zip, BEST);
                return new Checkpoint(
                        file.getFileName().toString(),
                        state,
                        array(zip, ModelSerializer.COEFFICIENTS_BIN),
                        array(zip, ModelSerializer.UPDATER_BIN),
                        best);
            }
        } catch (DamagedCheckpointException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new DamagedCheckpointException(file, "it does not exist", e);
        } catch (IOException | RuntimeException e) {
            throw new DamagedCheckpointException(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static void check(Path file) throws IOException {
        long length = Files.size(file);
        if (length == 0) {
            throw new DamagedCheckpointException(file, "it is empty");
        }
        if (length < LEAST_LENGTH) {
            throw new DamagedCheckpointException(file, "it has " + length + " bytes and is cut short");
        }
        MessageDigest digest = sha256();
        String stored;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            byte[] buffer = new byte[1 << 16];
            for (long left = length - CHECK_SUM_LENGTH; left > 0; ) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n < 0) {
                    throw new EOFException("it became shorter while it was read");
                }
                digest.update(buffer, 0, n);
                left -= n;
            }
            stored = new String(in.readNBytes(CHECK_SUM_LENGTH), StandardCharsets.ISO_8859_1);
        }
        if (!stored.matches("[0-9a-f]{" + CHECK_SUM_LENGTH + "}")) {
            throw new DamagedCheckpointException(
                    file, "it does not end with a check sum: it is cut short, or no checkpoint");
        }
        digest.update(ZEROS.getBytes(StandardCharsets.US_ASCII));
        String actual = hex(digest);
        if (!actual.equals(stored)) {
            throw new DamagedCheckpointException(
                    file, "it is damaged: its SHA-256 is " + actual + ", expected is " + stored);
        }
    }

    private static ZipOutputStream entry(ZipOutputStream zip, String name) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        return zip;
    }

    private static void array(ZipOutputStream zip, String name, INDArray array) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(entry(zip, name), 1 << 16));
        Nd4j.write(array, out);
        out.flush();
    }

    private static INDArray array(ZipFile zip, String name) throws IOException {
        return Nd4j.read(new DataInputStream(new ByteArrayInputStream(bytes(zip, name))));
    }

    private static byte[] bytes(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException("it has no entry " + name);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
