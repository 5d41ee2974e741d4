package io.gradwatch.experiments.layers;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sigmoid, {@code 1 / (1 + exp(-x))}, many times faster than ND4J's on dense float arrays and the same as ND4J's on all
 * others. {@link FastConvolution} runs it in the same vertex. In float the relative error is below 2e-7, and results do
 * not go below 7e-20.
 */
public final class FastSigmoid extends BaseActivationFunction implements FusedActivation {
    private static final long serialVersionUID = 1L;

    @Override
    public Pointwise pointwise() {
        return Pointwise.SIGMOID;
    }

    /** Activates {@code in} in place and returns it. */
    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        if (!OffHeapFloats.accepts(in)) {
            return new ActivationSigmoid().getActivation(in, training);
        }
        pointwise().activate(OffHeapFloats.of(in), Tiling.of(in.length()));
        return in;
    }

    /** Overwrites {@code in}, the arguments of the forward pass, with the gradient and returns it. */
    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        assertShape(in, epsilon);
        if (!OffHeapFloats.accepts(in) || !OffHeapFloats.accepts(epsilon)) {
            return new ActivationSigmoid().backprop(in, epsilon);
        }
        OffHeapFloats result = OffHeapFloats.of(getActivation(in, true));
        pointwise().backpropagate(result, OffHeapFloats.of(epsilon), result, Tiling.of(in.length()));
        return new Pair<>(in, null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastSigmoid;
    }

    @Override
    public int hashCode() {
        return FastSigmoid.class.hashCode();
    }

    @Override
    public String toString() {
        return "fastsigmoid";
    }
}
