package io.gradwatch.experiments.layers;

/**
 * How an array is cut: into tiles, the units of sharing among threads, and these into pieces that fit the first-level
 * cache. Cuts depend on the array's length and channels alone, so that sums do not depend on the number of threads.
 */
record Tiling(int length, int period, int piece, int tile) {
    private static final int PERIOD = 512;
    private static final int PIECE = 8192;
    private static final int TILE = 32768;

    /** Works on {@code count} elements that begin at {@code offset} of the array. */
    interface PieceTask {
        void run(Scratch scratch, int offset, int count);
    }

    /** Buffers of one thread, each as long as a piece at least. */
    record Scratch(Buffers buffers) {
        float[] first() {
            return buffers.first;
        }

        float[] second() {
            return buffers.second;
        }
    }

    private static final class Buffers {
        private float[] first = new float[PIECE];
        private float[] second = new float[PIECE];

        void ensure(int length) {
            if (first.length < length) {
                first = new float[length];
                second = new float[length];
            }
        }
    }

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(() -> new Scratch(new Buffers()));

    /** For element-by-element work. */
    static Tiling of(long length) {
        return of(length, 1);
    }

    /** For work by channel, the channel being the innermost of the array's dimensions. */
    static Tiling of(long length, int channels) {
        int period = channels * Math.max(1, PERIOD / channels);
        int piece = period * Math.max(1, PIECE / period);
        int tile = piece * Math.max(1, TILE / piece);
        return new Tiling(Math.toIntExact(length), period, piece, tile);
    }

    int tiles() {
        return (int) (((long) length + tile - 1) / tile);
    }

    /** Runs the task on all pieces, tiles in parallel. */
    void forEachPiece(PieceTask task) {
        TileWorkers.shared().forEach(tiles(), tile -> forEachPiece(tile, task));
    }

    /** Runs the task on the pieces of one tile, in order. */
    void forEachPiece(int tile, PieceTask task) {
        Scratch scratch = SCRATCH.get();
        scratch.buffers.ensure(piece);
        int end = (int) Math.min(length, (tile + 1L) * this.tile);
        for (int offset = tile * this.tile; offset < end; offset += piece) {
            task.run(scratch, offset, Math.min(piece, end - offset));
        }
    }

    /** Repeats a vector of channels until it fills a period. */
    float[] repeat(float[] channels) {
        float[] repeated = new float[period];
        for (int i = 0; i < period; i++) {
            repeated[i] = channels[i % channels.length];
        }
        return repeated;
    }
}
