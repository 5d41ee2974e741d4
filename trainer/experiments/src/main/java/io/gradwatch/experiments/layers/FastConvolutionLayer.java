package io.gradwatch.experiments.layers;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2DDerivative;
import org.nd4j.linalg.factory.Nd4j;

/** Forward and backward pass of {@link FastConvolution}. */
final class FastConvolutionLayer extends ConvolutionLayer {
    private static final long serialVersionUID = 1L;
    private static final String WEIGHTS = ConvolutionParamInitializer.WEIGHT_KEY;
    private static final String BIASES = ConvolutionParamInitializer.BIAS_KEY;

    /** Result of the last forward pass in training: it gives the activation's derivative. */
    private transient @Nullable INDArray activated;

    private transient @Nullable OpContext forward;
    private transient @Nullable OpContext backward;

    FastConvolutionLayer(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        if (!fast(input)) {
            return super.activate(training, workspaces);
        }
        int[] stride = layerConf().getStride();
        INDArray output = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS,
                dataType,
                new long[] {
                    input.size(0), ceilDiv(input.size(1), stride[0]), ceilDiv(input.size(2), stride[1]), outputs()
                },
                'c');
        OpContext context = forward == null ? newContext() : forward;
        forward = context;
        context.purge();
        context.setInputArray(0, input);
        context.setInputArray(1, getParam(WEIGHTS));
        if (hasBias()) {
            context.setInputArray(2, getParam(BIASES));
        }
        context.setOutputArray(0, output);
        Nd4j.exec(new Conv2D(), context);
        if (fused(layerConf().getActivationFn()) != null) {
            layerConf().getActivationFn().getActivation(output, training);
            activated = training ? output : null;
        }
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (!fast(input)) {
            return super.backpropGradient(epsilon, workspaces);
        }
        INDArray gradient = beforeActivation(OffHeapFloats.dense(epsilon));
        INDArray inputGradient =
                workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
        INDArray weightGradient = gradientViews.get(WEIGHTS);
        OpContext context = backward == null ? newContext() : backward;
        backward = context;
        context.purge();
        int position = 0;
        context.setInputArray(position++, input);
        context.setInputArray(position++, getParam(WEIGHTS));
        if (hasBias()) {
            context.setInputArray(position++, getParam(BIASES));
        }
        context.setInputArray(position, gradient);
        context.setOutputArray(0, inputGradient);
        context.setOutputArray(1, weightGradient);
        Gradient gradients = new DefaultGradient();
        if (hasBias()) {
            INDArray biasGradient = gradientViews.get(BIASES);
            context.setOutputArray(2, biasGradient);
            gradients.setGradientFor(BIASES, biasGradient);
        }
        Nd4j.exec(new Conv2DDerivative(), context);
        gradients.setGradientFor(WEIGHTS, weightGradient, 'c');
        return new Pair<>(gradients, inputGradient);
    }

    @Override
    public void clear() {
        super.clear();
        activated = null;
    }

    /** Takes the gradient through the activation, in place, as the stock layer does. */
    private INDArray beforeActivation(INDArray gradient) {
        FusedActivation activation = fused(layerConf().getActivationFn());
        if (activation == null) {
            return gradient;
        }
        if (activated == null) {
            throw new IllegalStateException("backward pass without a forward pass in training mode: " + layerId());
        }
        OffHeapFloats gradients = OffHeapFloats.of(gradient);
        activation
                .pointwise()
                .backpropagate(OffHeapFloats.of(activated), gradients, gradients, Tiling.of(gradient.length()));
        return gradient;
    }

    private boolean fast(INDArray x) {
        org.deeplearning4j.nn.conf.layers.ConvolutionLayer settings = layerConf();
        IActivation activation = settings.getActivationFn();
        int[] dilation = settings.getDilation();
        return dataType == DataType.FLOAT
                && OffHeapFloats.accepts(x)
                && x.rank() == 4
                && x.size(3) == settings.getNIn()
                && settings.getCnn2dDataFormat() == CNN2DFormat.NHWC
                && settings.getConvolutionMode() == ConvolutionMode.Same
                && dilation[0] == 1
                && dilation[1] == 1
                && settings.getIDropout() == null
                && settings.getWeightNoise() == null
                && (activation instanceof ActivationIdentity || fused(activation) != null);
    }

    private static @Nullable FusedActivation fused(IActivation activation) {
        return activation instanceof FusedActivation fused ? fused : null;
    }

    private long outputs() {
        return layerConf().getNOut();
    }

    private static long ceilDiv(long value, int divisor) {
        return (value + divisor - 1) / divisor;
    }

    private OpContext newContext() {
        int[] kernel = layerConf().getKernelSize();
        int[] stride = layerConf().getStride();
        OpContext context = Nd4j.getExecutioner().buildContext();
        // kernel, stride, padding, dilation, mode: 1 = same, layout: 1 = NHWC, weights: 1 = [out, in, height, width]
        context.setIArguments(kernel[0], kernel[1], stride[0], stride[1], 0, 0, 1, 1, 1, 1, 1);
        return context;
    }
}
