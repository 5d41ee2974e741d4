package io.gradwatch.experiments.layers;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution that calls ND4J's oneDNN operations directly. Same settings, parameters and results as {@link
 * ConvolutionLayer}; fast for float images in NHWC with convolution mode Same, no dilation, no dropout, no weight noise
 * and the activation identity, {@link FastLeakyReLU} or {@link FastSigmoid}. In all other cases it is {@link ConvolutionLayer}.
 */
public class FastConvolution extends ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    /** For deserialisation. */
    public FastConvolution() {
        super(new Builder());
    }

    protected FastConvolution(Builder builder) {
        super(builder);
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialise,
            DataType dataType) {
        LayerValidation.assertNInNOutSet("FastConvolution", getLayerName(), index, getNIn(), getNOut());
        FastConvolutionLayer layer = new FastConvolutionLayer(conf, dataType);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(initializer().init(conf, parameters, initialise));
        layer.setConf(conf);
        return layer;
    }

    /** As {@link ConvolutionLayer.Builder}. */
    public static class Builder extends ConvolutionLayer.Builder {
        /** @param kernelSize height and width; 5 and 5 if none are given */
        public Builder(int... kernelSize) {
            super(kernelSize.length == 0 ? new int[] {5, 5} : kernelSize);
        }

        @Override
        @SuppressWarnings("unchecked")
        public FastConvolution build() {
            return new FastConvolution(this);
        }
    }
}
