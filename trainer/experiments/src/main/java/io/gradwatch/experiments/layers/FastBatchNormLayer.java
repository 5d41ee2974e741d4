package io.gradwatch.experiments.layers;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Forward and backward pass of {@link FastBatchNorm}. */
final class FastBatchNormLayer extends BatchNormalization {
    private static final long serialVersionUID = 1L;
    private static final String GAMMA = BatchNormalizationParamInitializer.GAMMA;
    private static final String BETA = BatchNormalizationParamInitializer.BETA;
    private static final String MEAN = BatchNormalizationParamInitializer.GLOBAL_MEAN;
    private static final String VARIANCE = BatchNormalizationParamInitializer.GLOBAL_VAR;

    /** What the fast forward pass leaves to the backward pass; null before it. */
    private transient @Nullable Batch batch;

    /** Result of the last forward pass in training; null if there was none. */
    private transient @Nullable INDArray activated;

    FastBatchNormLayer(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /** Statistics of a batch, by channel, and the affine function that normalisation was with them. */
    private static final class Batch {
        private final double[] mean;
        private final double[] variance;
        private final double[] inverseDeviation;
        private final float[] scale;
        private final BatchNormMath.Affine affine;

        Batch(double[] mean, double[] variance, double epsilon, float[] gamma, float[] beta) {
            int channels = mean.length;
            this.mean = mean;
            this.variance = variance;
            inverseDeviation = new double[channels];
            scale = new float[channels];
            for (int c = 0; c < channels; c++) {
                inverseDeviation[c] = 1 / Math.sqrt(variance[c] + epsilon);
                scale[c] = (float) (gamma[c] * inverseDeviation[c]);
            }
            affine = new BatchNormMath.Affine(narrowed(mean), scale, beta);
        }
    }

    @Override
    public INDArray preOutput(INDArray x, TrainingMode mode, LayerWorkspaceMgr workspaces) {
        boolean training = mode == TrainingMode.TRAIN;
        if (!fast(x)) {
            return slowForward(x, training, mode, workspaces);
        }
        int channels = (int) x.size(3);
        Tiling tiling = Tiling.of(x.length(), channels);
        OffHeapFloats values = OffHeapFloats.of(x);
        double[] mean;
        double[] variance;
        if (training) {
            mean = new double[channels];
            variance = new double[channels];
            BatchNormMath.moments(values, tiling, mean, variance);
        } else {
            mean = widened(parameter(MEAN));
            variance = widened(parameter(VARIANCE));
        }
        Batch now = new Batch(mean, variance, settings().getEps(), parameter(GAMMA), parameter(BETA));
        batch = training ? now : null;
        INDArray output = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, x.shape(), 'c');
        BatchNormMath.normalise(values, OffHeapFloats.of(output), tiling, now.affine, activation());
        activated = training ? output : null;
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (!fast(input)) {
            return slowBackward(epsilon, workspaces);
        }
        Batch last = batch;
        INDArray result = activated;
        if (last == null || result == null) {
            throw new IllegalStateException("backward pass without a forward pass in training mode: " + layerId());
        }
        int channels = (int) input.size(3);
        Tiling tiling = Tiling.of(input.length(), channels);
        OffHeapFloats x = OffHeapFloats.of(input);
        BatchNormMath.Outside outside = new BatchNormMath.Outside(
                OffHeapFloats.of(OffHeapFloats.dense(epsilon)), OffHeapFloats.of(result), activation());
        double[] sums = new double[channels];
        double[] products = new double[channels];
        BatchNormMath.gradientSums(x, outside, tiling, last.affine, sums, products);

        float[] ofInput = new float[channels];
        float[] constant = new float[channels];
        float[] gammaGradient = new float[channels];
        double rows = (double) input.length() / channels;
        for (int c = 0; c < channels; c++) {
            double inverse = last.inverseDeviation[c];
            gammaGradient[c] = (float) (products[c] * inverse);
            ofInput[c] = (float) (-last.scale[c] * inverse * inverse * products[c] / rows);
            constant[c] = (float) (-last.scale[c] * sums[c] / rows);
        }
        INDArray inputGradient =
                workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
        BatchNormMath.inputGradient(
                x, outside, OffHeapFloats.of(inputGradient), tiling, last.affine, ofInput, constant);

        Gradient gradients = new DefaultGradient();
        setGradient(gradients, GAMMA, gammaGradient);
        setGradient(gradients, BETA, narrowed(sums));
        setGradient(gradients, MEAN, step(parameter(MEAN), last.mean));
        setGradient(gradients, VARIANCE, step(parameter(VARIANCE), last.variance));
        return new Pair<>(gradients, inputGradient);
    }

    @Override
    public void clear() {
        super.clear();
        batch = null;
        activated = null;
    }

    private INDArray slowForward(INDArray x, boolean training, TrainingMode mode, LayerWorkspaceMgr workspaces) {
        INDArray normalised = super.preOutput(x, mode, workspaces);
        INDArray output = activation().activateSlowly(normalised);
        activated = training ? output : null;
        return output;
    }

    private Pair<Gradient, INDArray> slowBackward(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        if (activated == null) {
            throw new IllegalStateException("backward pass without a forward pass in training mode: " + layerId());
        }
        return super.backpropGradient(
                activation().backpropagateSlowly(activated, epsilon.castTo(dataType)), workspaces);
    }

    private boolean fast(INDArray x) {
        return dataType == DataType.FLOAT
                && x.rank() == 4
                && settings().getCnn2DFormat() == CNN2DFormat.NHWC
                && x.size(3) == settings().getNOut()
                && !settings().isLockGammaBeta()
                && OffHeapFloats.accepts(x);
    }

    private FastBatchNorm settings() {
        return (FastBatchNorm) conf().getLayer();
    }

    private Pointwise activation() {
        return settings().activation();
    }

    private float[] parameter(String name) {
        return OffHeapFloats.of(getParam(name)).toArray();
    }

    /** The "gradient" of a running value: what the optimiser subtracts from it, (1 − decay)·(running − batch). */
    private float[] step(float[] running, double[] ofBatch) {
        float share = (float) (1 - settings().getDecay());
        float[] step = new float[running.length];
        for (int c = 0; c < step.length; c++) {
            step[c] = share * (running[c] - (float) ofBatch[c]);
        }
        return step;
    }

    private void setGradient(Gradient gradients, String name, float[] values) {
        INDArray view = requireNonNull(gradientViews.get(name), name);
        OffHeapFloats.of(view).write(0, values, values.length);
        gradients.setGradientFor(name, view);
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }

    private static float[] narrowed(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }
}
