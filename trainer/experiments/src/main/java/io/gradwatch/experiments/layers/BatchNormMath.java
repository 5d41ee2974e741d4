package io.gradwatch.experiments.layers;

import java.util.Arrays;

/**
 * Batch normalisation of float data whose innermost dimension is the channel, with a leaky ReLU behind it (slope 1: none).
 *
 * <p>Sums are taken in float within a piece, of few elements per channel, and in double between pieces, always in the
 * same order. Arrays called by channel have one element for each channel.
 */
final class BatchNormMath {
    private BatchNormMath() {}

    /** Writes mean and biased variance (divided by the number of rows) of each channel. */
    static void moments(OffHeapFloats x, Tiling tiling, double[] mean, double[] variance) {
        int channels = mean.length;
        Moments[] tiles = new Moments[tiling.tiles()];
        TileWorkers.shared().forEach(tiles.length, tile -> {
            Moments moments = new Moments(channels);
            float[] lanes = new float[tiling.period()];
            tiling.forEachPiece(tile, (scratch, offset, count) -> {
                x.read(offset, scratch.first(), count);
                moments.add(scratch.first(), count, lanes, tiling);
            });
            tiles[tile] = moments;
        });
        Moments all = new Moments(channels);
        for (Moments tile : tiles) {
            all.add(tile.rows, tile.mean, tile.squares);
        }
        System.arraycopy(all.mean, 0, mean, 0, channels);
        Arrays.setAll(variance, c -> all.squares[c] / all.rows);
    }

    /** Normalisation as a function of one value: {@code (x − mean)·scale + beta}, each by channel or repeated. */
    static final class Affine {
        private final float[] mean;
        private final float[] scale;
        private final float[] beta;

        Affine(float[] mean, float[] scale, float[] beta) {
            this.mean = mean;
            this.scale = scale;
            this.beta = beta;
        }

        private Affine repeated(Tiling tiling) {
            return new Affine(tiling.repeat(mean), tiling.repeat(scale), tiling.repeat(beta));
        }
    }

    /** Writes the activation of the normalised values. */
    static void normalise(OffHeapFloats x, OffHeapFloats target, Tiling tiling, Affine affine, float slope) {
        Affine lanes = affine.repeated(tiling);
        tiling.forEachPiece((scratch, offset, count) -> {
            float[] piece = scratch.first();
            x.read(offset, piece, count);
            for (int k = 0; k < count; k += tiling.period()) {
                normalise(piece, k, Math.min(tiling.period(), count - k), lanes.mean, lanes.scale, lanes.beta, slope);
            }
            target.write(offset, piece, count);
        });
    }

    /**
     * Adds to {@code sums} and {@code products} the sums over all rows, by channel, of dz and of dz·(x − mean), where dz
     * is the gradient before the activation.
     *
     * @param affine of the forward pass
     */
    static void gradientSums(
            OffHeapFloats x,
            OffHeapFloats gradient,
            Tiling tiling,
            Affine affine,
            float slope,
            double[] sums,
            double[] products) {
        int channels = sums.length;
        int period = tiling.period();
        double[][] tileSums = new double[tiling.tiles()][2 * channels];
        Affine lanes = affine.repeated(tiling);
        TileWorkers.shared().forEach(tileSums.length, tile -> {
            float[] sumLanes = new float[period];
            float[] productLanes = new float[period];
            double[] into = tileSums[tile];
            tiling.forEachPiece(tile, (scratch, offset, count) -> {
                float[] xs = scratch.first();
                float[] gs = scratch.second();
                x.read(offset, xs, count);
                gradient.read(offset, gs, count);
                for (int k = 0; k < count; k += period) {
                    int n = Math.min(period, count - k);
                    throughActivation(xs, gs, k, n, lanes, slope);
                    addSums(xs, gs, k, n, lanes.mean, sumLanes, productLanes);
                }
                fold(sumLanes, into, 0, channels);
                fold(productLanes, into, channels, channels);
            });
        });
        for (double[] tile : tileSums) {
            for (int c = 0; c < channels; c++) {
                sums[c] += tile[c];
                products[c] += tile[channels + c];
            }
        }
    }

    /** Writes {@code dz·scale + (x − mean)·ofInput + constant}, the last two by channel, dz as above. */
    static void inputGradient(
            OffHeapFloats x,
            OffHeapFloats gradient,
            OffHeapFloats target,
            Tiling tiling,
            Affine affine,
            float slope,
            float[] ofInput,
            float[] constant) {
        int period = tiling.period();
        Affine lanes = affine.repeated(tiling);
        float[] inputFactors = tiling.repeat(ofInput);
        float[] constants = tiling.repeat(constant);
        tiling.forEachPiece((scratch, offset, count) -> {
            float[] xs = scratch.first();
            float[] gs = scratch.second();
            x.read(offset, xs, count);
            gradient.read(offset, gs, count);
            for (int k = 0; k < count; k += period) {
                int n = Math.min(period, count - k);
                throughActivation(xs, gs, k, n, lanes, slope);
                combine(xs, gs, k, n, lanes.mean, lanes.scale, inputFactors, constants);
            }
            target.write(offset, gs, count);
        });
    }

    private static void normalise(float[] x, int from, int n, float[] mean, float[] scale, float[] beta, float slope) {
        for (int i = 0; i < n; i++) {
            float z = (x[from + i] - mean[i]) * scale[i] + beta[i];
            x[from + i] = Math.max(z, slope * z);
        }
    }

    private static void throughActivation(float[] x, float[] gradient, int from, int n, Affine lanes, float slope) {
        if (slope < 1) {
            throughActivation(x, gradient, from, n, lanes.mean, lanes.scale, lanes.beta, slope);
        }
    }

    private static void throughActivation(
            float[] x, float[] gradient, int from, int n, float[] mean, float[] scale, float[] beta, float slope) {
        for (int i = 0; i < n; i++) {
            float z = (x[from + i] - mean[i]) * scale[i] + beta[i];
            gradient[from + i] *= Math.max(Math.min(z * Float.MAX_VALUE, 1f), slope);
        }
    }

    private static void addSums(
            float[] x, float[] gradient, int from, int n, float[] mean, float[] sums, float[] products) {
        for (int i = 0; i < n; i++) {
            sums[i] += gradient[from + i];
        }
        for (int i = 0; i < n; i++) {
            products[i] += gradient[from + i] * (x[from + i] - mean[i]);
        }
    }

    private static void combine(
            float[] x,
            float[] gradient,
            int from,
            int n,
            float[] mean,
            float[] gradientFactor,
            float[] inputFactor,
            float[] constant) {
        for (int i = 0; i < n; i++) {
            gradient[from + i] =
                    gradient[from + i] * gradientFactor[i] + (x[from + i] - mean[i]) * inputFactor[i] + constant[i];
        }
    }

    /** Adds lanes to their channels and clears them. */
    private static void fold(float[] lanes, double[] sums, int first, int channels) {
        for (int k = 0; k < lanes.length; k += channels) {
            for (int c = 0; c < channels; c++) {
                sums[first + c] += lanes[k + c];
            }
        }
        Arrays.fill(lanes, 0);
    }

    /** Running mean and sum of squared deviations by channel (Chan, Golub and LeVeque's pairwise update). */
    private static final class Moments {
        private long rows;
        private final double[] mean;
        private final double[] squares;

        Moments(int channels) {
            mean = new double[channels];
            squares = new double[channels];
        }

        void add(float[] x, int count, float[] lanes, Tiling tiling) {
            int channels = mean.length;
            long n = count / channels;
            for (int k = 0; k < count; k += lanes.length) {
                addTo(lanes, x, k, Math.min(lanes.length, count - k));
            }
            double[] pieceMean = new double[channels];
            fold(lanes, pieceMean, 0, channels);
            float[] rounded = new float[channels];
            for (int c = 0; c < channels; c++) {
                pieceMean[c] /= n;
                rounded[c] = (float) pieceMean[c];
            }
            float[] centre = tiling.repeat(rounded);
            for (int k = 0; k < count; k += lanes.length) {
                addSquares(lanes, x, k, Math.min(lanes.length, count - k), centre);
            }
            double[] pieceSquares = new double[channels];
            fold(lanes, pieceSquares, 0, channels);
            add(n, pieceMean, pieceSquares);
        }

        void add(long n, double[] otherMean, double[] otherSquares) {
            long total = rows + n;
            for (int c = 0; c < mean.length; c++) {
                double distance = otherMean[c] - mean[c];
                mean[c] += distance * n / total;
                squares[c] += otherSquares[c] + distance * distance * rows * n / total;
            }
            rows = total;
        }

        private static void addTo(float[] lanes, float[] x, int from, int n) {
            for (int i = 0; i < n; i++) {
                lanes[i] += x[from + i];
            }
        }

        private static void addSquares(float[] lanes, float[] x, int from, int n, float[] centre) {
            for (int i = 0; i < n; i++) {
                float distance = x[from + i] - centre[i];
                lanes[i] += distance * distance;
            }
        }
    }
}
