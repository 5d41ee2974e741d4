package io.gradwatch.benchmarks.drill;

import com.google.protobuf.ByteString;
import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Spoils records, in every way that a broken producer could think of. The same seed, the same records. What is left
 * readable never speaks of a run that is not one of its own. Pure but for the random numbers.
 */
final class Fuzz {
    private final Random random;
    private final Set<String> runs;

    /** @param runs that a record which is still readable may speak of */
    Fuzz(long seed, Set<String> runs) {
        this.random = new Random(seed);
        this.runs = Set.copyOf(runs);
    }

    /**
     * One more.
     *
     * @param good bytes of a record that is one
     * @return null is a record without a value
     */
    byte @Nullable [] spoil(Envelope good) {
        while (true) {
            byte[] spoilt = attempt(good);
            if (!(WireFormat.decode(spoilt) instanceof Decoded.Known known)
                    || runs.contains(known.envelope().getRunId())) {
                return spoilt;
            }
        }
    }

    private byte @Nullable [] attempt(Envelope good) {
        byte[] bytes = good.toByteArray();
        return switch (random.nextInt(14)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> random(random.nextInt(300));
            case 3 ->
                ByteString.copyFrom(bytes, 0, random.nextInt(bytes.length)).toByteArray();
            case 4, 5 -> flipped(bytes, 1 + random.nextInt(8));
            case 6 -> spliced(bytes);
            case 7 -> overwritten(bytes);
            case 8 -> good.toBuilder().clearSchemaVersion().build().toByteArray();
            case 9 -> good.toBuilder().setAttempt(-random.nextInt(3)).build().toByteArray();
            case 10 ->
                good.toBuilder().setRunId(text(random.nextInt(300))).build().toByteArray();
            case 11 ->
                good.toBuilder()
                        .setIteration(good.getIteration().toBuilder().setIteration(-1 - random.nextInt(9)))
                        .build()
                        .toByteArray();
            case 12 ->
                good.toBuilder()
                        .setIteration(lopsided(good.getIteration()))
                        .build()
                        .toByteArray();
            default ->
                good.toBuilder()
                        .clearBody()
                        .setSchemaVersion(2 + random.nextInt(99))
                        .build()
                        .toByteArray();
        };
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] flipped(byte[] bytes, int bits) {
        for (int i = 0; i < bits; i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    /** Its beginning, and then its beginning again. */
    private byte[] spliced(byte[] bytes) {
        ByteString whole = ByteString.copyFrom(bytes);
        return whole.substring(0, random.nextInt(bytes.length))
                .concat(whole.substring(0, random.nextInt(bytes.length)))
                .toByteArray();
    }

    private byte[] overwritten(byte[] bytes) {
        int from = random.nextInt(bytes.length);
        byte[] noise = random(Math.min(bytes.length - from, 1 + random.nextInt(16)));
        System.arraycopy(noise, 0, bytes, from, noise.length);
        return bytes;
    }

    private String text(int length) {
        StringBuilder text = new StringBuilder();
        random.ints(length, 0, 0x3000).forEach(text::appendCodePoint);
        return text.toString();
    }

    /** Arrays that do not fit each other. */
    private Iteration lopsided(Iteration iteration) {
        LayerStatistics.Builder layers = iteration.getLayers().toBuilder();
        for (int i = 0; i <= random.nextInt(5); i++) {
            layers.addMeanAbs(Float.intBitsToFloat(random.nextInt()));
        }
        return iteration.toBuilder().setLayers(layers).build();
    }
}
