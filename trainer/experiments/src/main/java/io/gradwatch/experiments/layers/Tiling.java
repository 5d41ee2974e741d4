package io.gradwatch.experiments.layers;

/**
 * How an array is cut: into tiles, the units of sharing among threads, and these into pieces that fit the first-level
 * cache. A piece begins with the first channel, so that one vector, the channels' values repeated, serves all pieces.
 * Cuts depend on the array's length and channels alone, so that sums do not depend on the number of threads.
 *
 * <p>A task's inner loops should run over whole Java arrays from 0 to the count: with an offset in the index the
 * compiler of JDK 17 does not vectorise them, which makes them five to ten times slower.
 *
 * @param length of the array
 * @param piece elements of a piece, the last one excepted
 * @param tile elements of a tile, the last one excepted; a multiple of the piece
 */
record Tiling(int length, int piece, int tile) {
    /** With five vectors of coefficients and two of data: 28 kB. */
    private static final int PIECE_BY_CHANNEL = 1024;

    private static final int PIECE = 4096;
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

        float[] third() {
            return buffers.third;
        }
    }

    private static final class Buffers {
        private float[] first = new float[PIECE];
        private float[] second = new float[PIECE];
        private float[] third = new float[PIECE];

        void ensure(int length) {
            if (first.length < length) {
                first = new float[length];
                second = new float[length];
                third = new float[length];
            }
        }
    }

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(() -> new Scratch(new Buffers()));

    /** For element-by-element work. */
    static Tiling of(long length) {
        return new Tiling(Math.toIntExact(length), PIECE, TILE);
    }

    /** For work by channel, the channel being the innermost of the array's dimensions. */
    static Tiling of(long length, int channels) {
        int piece = channels * Math.max(1, PIECE_BY_CHANNEL / channels);
        return new Tiling(Math.toIntExact(length), piece, piece * Math.max(1, TILE / piece));
    }

    int tiles() {
        return (int) (((long) length + tile - 1) / tile);
    }

    /** Runs the task on all pieces, tiles in parallel. */
    void forEachPiece(PieceTask task) {
        TileWorkers.shared().forEach(tiles(), tile -> forEachPiece(tile, task));
    }

    /** As {@link #forEachPiece}, the last tile first: after a pass in order, the array's end is still in the caches. */
    void forEachPieceFromTheEnd(PieceTask task) {
        int last = tiles() - 1;
        TileWorkers.shared().forEach(tiles(), tile -> forEachPiece(last - tile, task));
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

    /** Repeats a vector of channels until it fills a piece. */
    float[] repeat(float[] channels) {
        float[] repeated = new float[piece];
        for (int i = 0; i < piece; i++) {
            repeated[i] = channels[i % channels.length];
        }
        return repeated;
    }
}
