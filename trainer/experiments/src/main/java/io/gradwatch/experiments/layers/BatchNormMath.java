package io.gradwatch.experiments.layers;

import java.util.Arrays;

/**
 * Batch normalisation of float data whose innermost dimension is the channel, with an activation behind it.
 *
 * <p>Sums are taken in float within a tile, of few elements per lane, and in double between lanes and tiles, always in the
 * same order. Arrays called by channel have one element for each channel; lanes hold the channels repeated to the length
 * of a piece.
 */
final class BatchNormMath {
    private BatchNormMath() {}

    /** Normalisation as a function of one value: {@code (x − mean)·scale + beta}, each by channel or in lanes. */
    static final class Affine {
        private final float[] mean;
        private final float[] scale;
        private final float[] beta;

        Affine(float[] mean, float[] scale, float[] beta) {
            this.mean = mean;
            this.scale = scale;
            this.beta = beta;
        }

        private Affine inLanes(Tiling tiling) {
            return new Affine(tiling.repeat(mean), tiling.repeat(scale), tiling.repeat(beta));
        }
    }

    /**
     * What comes back from outside in the backward pass.
     *
     * @param gradient after the activation
     * @param result of the activation in the forward pass; read only where computing it again would take longer
     */
    record Outside(OffHeapFloats gradient, OffHeapFloats result, Pointwise activation) {
        /** Reads the gradient before the activation into the second buffer; x is in the first one. */
        private void readGradient(Tiling.Scratch scratch, int offset, int count, Affine lanes) {
            float[] target = scratch.second();
            gradient.read(offset, target, count);
            if (activation instanceof Pointwise.Leaky) {
                System.arraycopy(scratch.first(), 0, scratch.third(), 0, count);
                normalise(scratch.third(), count, lanes.mean, lanes.scale, lanes.beta);
                activation.backpropagate(scratch.third(), target, count);
            } else if (activation instanceof Pointwise.Logistic) {
                result.read(offset, scratch.third(), count);
                activation.backpropagate(scratch.third(), target, count);
            }
        }
    }

    /** Writes mean and biased variance (divided by the number of rows) of each channel. */
    static void moments(OffHeapFloats x, Tiling tiling, double[] mean, double[] variance) {
        int channels = mean.length;
        Moments[] tiles = new Moments[tiling.tiles()];
        TileWorkers.shared().forEach(tiles.length, tile -> tiles[tile] = Moments.of(x, tiling, tile, channels));
        Moments all = new Moments(channels);
        for (Moments tile : tiles) {
            all.add(tile);
        }
        System.arraycopy(all.mean, 0, mean, 0, channels);
        Arrays.setAll(variance, c -> all.squares[c] / all.rows);
    }

    /** Writes the activation of the normalised values. */
    static void normalise(OffHeapFloats x, OffHeapFloats target, Tiling tiling, Affine affine, Pointwise activation) {
        Affine lanes = affine.inLanes(tiling);
        tiling.forEachPieceFromTheEnd((scratch, offset, count) -> {
            float[] piece = scratch.first();
            x.read(offset, piece, count);
            normalise(piece, count, lanes.mean, lanes.scale, lanes.beta);
            activation.activate(piece, count);
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
            OffHeapFloats x, Outside outside, Tiling tiling, Affine affine, double[] sums, double[] products) {
        int channels = sums.length;
        double[][] tileSums = new double[tiling.tiles()][];
        double[][] tileProducts = new double[tiling.tiles()][];
        Affine lanes = affine.inLanes(tiling);
        TileWorkers.shared().forEach(tileSums.length, tile -> {
            float[] sumLanes = new float[tiling.piece()];
            float[] productLanes = new float[tiling.piece()];
            tiling.forEachPiece(tile, (scratch, offset, count) -> {
                float[] xs = scratch.first();
                float[] gs = scratch.second();
                x.read(offset, xs, count);
                outside.readGradient(scratch, offset, count, lanes);
                addSums(gs, count, sumLanes);
                addProducts(xs, gs, count, lanes.mean, productLanes);
            });
            tileSums[tile] = fold(sumLanes, channels);
            tileProducts[tile] = fold(productLanes, channels);
        });
        for (int tile = 0; tile < tileSums.length; tile++) {
            for (int c = 0; c < channels; c++) {
                sums[c] += tileSums[tile][c];
                products[c] += tileProducts[tile][c];
            }
        }
    }

    /** Writes {@code dz·scale + (x − mean)·ofInput + constant}, the last two by channel, dz as above. */
    static void inputGradient(
            OffHeapFloats x,
            Outside outside,
            OffHeapFloats target,
            Tiling tiling,
            Affine affine,
            float[] ofInput,
            float[] constant) {
        Affine lanes = affine.inLanes(tiling);
        float[] inputFactors = tiling.repeat(ofInput);
        float[] constants = tiling.repeat(constant);
        tiling.forEachPieceFromTheEnd((scratch, offset, count) -> {
            float[] xs = scratch.first();
            float[] gs = scratch.second();
            x.read(offset, xs, count);
            outside.readGradient(scratch, offset, count, lanes);
            combine(xs, gs, count, lanes.mean, lanes.scale, inputFactors, constants);
            target.write(offset, gs, count);
        });
    }

    private static void normalise(float[] x, int count, float[] mean, float[] scale, float[] beta) {
        for (int i = 0; i < count; i++) {
            x[i] = (x[i] - mean[i]) * scale[i] + beta[i];
        }
    }

    private static void addSums(float[] values, int count, float[] lanes) {
        for (int i = 0; i < count; i++) {
            lanes[i] += values[i];
        }
    }

    private static void addProducts(float[] x, float[] gradient, int count, float[] mean, float[] lanes) {
        for (int i = 0; i < count; i++) {
            lanes[i] += gradient[i] * (x[i] - mean[i]);
        }
    }

    private static void addSquares(float[] x, int count, float[] centre, float[] lanes) {
        for (int i = 0; i < count; i++) {
            float distance = x[i] - centre[i];
            lanes[i] += distance * distance;
        }
    }

    private static void combine(
            float[] x,
            float[] gradient,
            int count,
            float[] mean,
            float[] gradientFactor,
            float[] inputFactor,
            float[] constant) {
        for (int i = 0; i < count; i++) {
            gradient[i] = gradient[i] * gradientFactor[i] + (x[i] - mean[i]) * inputFactor[i] + constant[i];
        }
    }

    /** Sums of the lanes of each channel. */
    private static double[] fold(float[] lanes, int channels) {
        double[] sums = new double[channels];
        for (int k = 0; k < lanes.length; k += channels) {
            for (int c = 0; c < channels; c++) {
                sums[c] += lanes[k + c];
            }
        }
        return sums;
    }

    /** Mean and sum of squared deviations from it, by channel. */
    private static final class Moments {
        private long rows;
        private final double[] mean;
        private final double[] squares;

        Moments(int channels) {
            mean = new double[channels];
            squares = new double[channels];
        }

        /** Of one tile, in two passes: the deviations are from the tile's own mean. */
        static Moments of(OffHeapFloats x, Tiling tiling, int tile, int channels) {
            float[] sumLanes = new float[tiling.piece()];
            int[] elements = new int[1];
            tiling.forEachPiece(tile, (scratch, offset, count) -> {
                x.read(offset, scratch.first(), count);
                addSums(scratch.first(), count, sumLanes);
                elements[0] += count;
            });
            Moments moments = new Moments(channels);
            moments.rows = elements[0] / channels;
            double[] sums = fold(sumLanes, channels);
            float[] centre = new float[channels];
            for (int c = 0; c < channels; c++) {
                moments.mean[c] = sums[c] / moments.rows;
                centre[c] = (float) moments.mean[c];
            }
            float[] centres = tiling.repeat(centre);
            float[] squareLanes = new float[tiling.piece()];
            tiling.forEachPiece(tile, (scratch, offset, count) -> {
                x.read(offset, scratch.first(), count);
                addSquares(scratch.first(), count, centres, squareLanes);
            });
            System.arraycopy(fold(squareLanes, channels), 0, moments.squares, 0, channels);
            return moments;
        }

        /** Joins other rows (Chan, Golub and LeVeque's pairwise update). */
        void add(Moments other) {
            long total = rows + other.rows;
            for (int c = 0; c < mean.length; c++) {
                double distance = other.mean[c] - mean[c];
                mean[c] += distance * other.rows / total;
                squares[c] += other.squares[c] + distance * distance * rows * other.rows / total;
            }
            rows = total;
        }
    }
}
