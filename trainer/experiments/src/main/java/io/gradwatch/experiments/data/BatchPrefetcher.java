package io.gradwatch.experiments.data;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Endless stream of training batches, prepared ahead on a daemon thread so that training does not wait for them.
 *
 * <p>Each epoch visits every image once, in an order drawn from the seed and the epoch; the last batch of an epoch is
 * smaller where the batch size does not divide the number of images (it is kept, as PyTorch keeps it). Same seed, same
 * batches, bit by bit, however the threads run.
 *
 * <p>One thread calls {@link #next} and {@link #close}.
 */
public final class BatchPrefetcher implements AutoCloseable {
    /** Batches in memory: one in use, the others ready or being filled. */
    static final int BUFFERS = 4;

    private static final long CLOSE_MILLIS = 5_000;

    private final ImageSubset subset;
    private final int batchSize;
    private final BatchAssembler assembler;
    private final long seed;
    private final int firstEpoch;
    private final int firstPosition;
    private final BlockingQueue<Buffer> free = new ArrayBlockingQueue<>(BUFFERS);
    private final BlockingQueue<Prepared> ready = new ArrayBlockingQueue<>(BUFFERS + 1);
    private final Thread thread;
    private @Nullable Buffer inUse;
    private long waitedNanos;

    /**
     * Starts to prepare batches at once.
     *
     * @param subset at least one image
     * @param batchSize images of a batch, 1 or more; where the subset is smaller, the batches are as large as it
     * @param seed of order and augmentation
     */
    public BatchPrefetcher(ImageSubset subset, int batchSize, Augmentation augmentation, long seed) {
        this(subset, batchSize, augmentation, seed, 0, 0);
    }

    /**
     * The same stream from a later batch on, as if the batches before it had been taken.
     *
     * @param firstEpoch of the first batch, 0-based
     * @param firstPosition of the first batch in its epoch, 0-based; equal to the batches of an epoch it means the next
     *     epoch
     */
    public BatchPrefetcher(
            ImageSubset subset,
            int batchSize,
            Augmentation augmentation,
            long seed,
            int firstEpoch,
            int firstPosition) {
        if (subset.size() == 0) {
            throw new IllegalArgumentException("no training images: at least one is needed");
        }
        this.subset = subset;
        this.batchSize = Math.min(batchSize, subset.size());
        this.assembler = new BatchAssembler(subset, augmentation);
        this.seed = seed;
        this.firstEpoch = firstEpoch;
        this.firstPosition = firstPosition;
        if (firstEpoch < 0 || firstPosition < 0 || firstPosition > batchesPerEpoch()) {
            throw new IllegalArgumentException("epoch " + firstEpoch + ", batch " + firstPosition
                    + ": accepted are epochs from 0 and batches from 0 to " + batchesPerEpoch());
        }
        int remainder = subset.size() % this.batchSize;
        for (int i = 0; i < BUFFERS; i++) {
            free.add(new Buffer(new Batch(this.batchSize), remainder == 0 ? null : new Batch(remainder)));
        }
        thread = new Thread(this::prepareBatches, "batch-prefetch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Batches of each epoch. */
    public int batchesPerEpoch() {
        return (subset.size() + batchSize - 1) / batchSize;
    }

    /**
     * The next batch, which stays as it is until the next call. Blocks only if none is ready.
     *
     * @throws IllegalStateException if the batch could not be prepared; the cause says why
     */
    public Batch next() throws InterruptedException {
        if (inUse != null) {
            free.add(inUse);
            inUse = null;
        }
        Prepared prepared = ready.poll();
        if (prepared == null) {
            long start = System.nanoTime();
            prepared = ready.take();
            waitedNanos += System.nanoTime() - start;
        }
        if (prepared instanceof Filled filled) {
            inUse = filled.buffer();
            return filled.batch();
        }
        ready.add(prepared);
        throw new IllegalStateException("preparing a batch failed", ((Failed) prepared).cause());
    }

    /** Time that {@link #next} has spent waiting so far, nanoseconds. */
    public long waitedNanos() {
        return waitedNanos;
    }

    /** Ends the thread; waits for it a short while. The last batch's arrays stay valid. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void prepareBatches() {
        float[] features = new float[batchSize * BatchAssembler.FEATURES];
        float[] labels = new float[batchSize * BatchAssembler.LABELS];
        try {
            int from = firstPosition;
            for (int epoch = firstEpoch; ; epoch++) {
                int[] order = IntStream.range(0, subset.size()).toArray();
                new Randomness(seed, "order".hashCode(), epoch).shuffle(order);
                for (int position = from; position < batchesPerEpoch(); position++) {
                    Buffer buffer = free.take();
                    Batch batch = buffer.of(Math.min(batchSize, order.length - position * batchSize));
                    for (int slot = 0; slot < batch.size(); slot++) {
                        int image = order[position * batchSize + slot];
                        Randomness random = new Randomness(seed, "augmentation".hashCode(), epoch, image);
                        assembler.write(image, random, slot, features, labels);
                    }
                    batch.fill(features, labels);
                    batch.place(epoch, position, position == batchesPerEpoch() - 1);
                    ready.put(new Filled(buffer, batch));
                }
                from = 0;
            }
        } catch (InterruptedException e) {
            // closed
        } catch (Throwable e) {
            boolean added = ready.offer(new Failed(e));
            assert added : "room for every buffer and one failure";
        }
    }

    /** Whether the thread still runs. */
    boolean isRunning() {
        return thread.isAlive();
    }

    /** Arrays for a full batch and, where there is one, for the epoch's smaller last batch. */
    private record Buffer(Batch full, @Nullable Batch remainder) {
        Batch of(int size) {
            return remainder != null && size == remainder.size() ? remainder : full;
        }
    }

    private sealed interface Prepared {}

    private record Filled(Buffer buffer, Batch batch) implements Prepared {}

    private record Failed(Throwable cause) implements Prepared {}
}
