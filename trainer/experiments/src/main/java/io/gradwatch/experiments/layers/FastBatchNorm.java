package io.gradwatch.experiments.layers;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Batch normalisation, followed by a leaky ReLU unless {@link #getSlope()} is 1, or by a sigmoid. Parameters, gradients and the update of
 * the running mean and variance are those of {@link BatchNormalization} with {@code useLogStd(false)}; fast for float
 * images in NHWC. Two differences: L1 and L2 regularisation also hold for γ and β, and the activation is part of it.
 */
public class FastBatchNorm extends BatchNormalization {
    private static final long serialVersionUID = 1L;

    private double slope = 1;
    private boolean sigmoid;

    /** For deserialisation: without activation, the stock defaults otherwise. */
    public FastBatchNorm() {
        super.setUseLogStd(false);
        setCnn2DFormat(CNN2DFormat.NHWC);
    }

    /**
     * @param epsilon added to the variance
     * @param decay share of the old running value that a step keeps
     * @param slope of the leaky ReLU below zero, above 0; 1 for no activation
     */
    public static FastBatchNorm of(double epsilon, double decay, double slope) {
        FastBatchNorm layer = new FastBatchNorm();
        layer.setEps(epsilon);
        layer.setDecay(decay);
        layer.setSlope(slope);
        return layer;
    }

    /** Batch normalisation followed by a sigmoid; arguments as of {@link #of}. */
    public static FastBatchNorm withSigmoid(double epsilon, double decay) {
        FastBatchNorm layer = of(epsilon, decay, 1);
        layer.setSigmoid(true);
        return layer;
    }

    /** What follows the normalisation. */
    final Pointwise activation() {
        return sigmoid ? Pointwise.SIGMOID : Pointwise.leaky(slope);
    }

    public boolean isSigmoid() {
        return sigmoid;
    }

    /** With a sigmoid there is no leaky ReLU, whatever its slope. */
    public final void setSigmoid(boolean sigmoid) {
        this.sigmoid = sigmoid;
    }

    public double getSlope() {
        return slope;
    }

    /** @throws IllegalArgumentException unless the slope is above 0 and at most 1 */
    public final void setSlope(double slope) {
        LeakyRelu.checkedSlope(slope);
        this.slope = slope;
    }

    /**
     * Does nothing: this layer keeps the variance, never the logarithm of the deviation. Deeplearning4j's reader of
     * configurations calls it with {@code true} for every layer that was written before it had parameters.
     */
    @Override
    public final void setUseLogStd(boolean ignored) {}

    @Override
    public FastBatchNorm clone() {
        return (FastBatchNorm) super.clone();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialise,
            DataType dataType) {
        LayerValidation.assertNOutSet("FastBatchNorm", getLayerName(), index, getNOut());
        FastBatchNormLayer layer = new FastBatchNormLayer(conf, dataType);
        if (listeners != null) {
            layer.setListeners(listeners);
        }
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(initializer().init(conf, parameters, initialise));
        layer.setConf(conf);
        return layer;
    }

    @Override
    public @Nullable List<Regularization> getRegularizationByParam(String parameter) {
        boolean trained = parameter.equals(BatchNormalizationParamInitializer.GAMMA)
                || parameter.equals(BatchNormalizationParamInitializer.BETA);
        return trained ? getRegularization() : null;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastBatchNorm;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastBatchNorm that
                && super.equals(other)
                && Double.compare(that.slope, slope) == 0
                && that.sigmoid == sigmoid;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), slope, sigmoid);
    }

    @Override
    public String toString() {
        return "FastBatchNorm(slope=" + slope + ", sigmoid=" + sigmoid + ", " + super.toString() + ")";
    }
}
