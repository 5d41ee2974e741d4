package io.gradwatch.experiments.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Forward and backward pass of {@link SumLeakyReLU} and {@link SumSigmoid}. */
final class SumActivationVertex extends BaseGraphVertex {
    private static final long serialVersionUID = 1L;

    private final transient Pointwise activation;

    /** Result of the last forward pass in training: it gives the derivative. */
    private transient @Nullable INDArray activated;

    SumActivationVertex(ComputationGraph graph, String name, int index, Pointwise activation, DataType dataType) {
        super(graph, name, index, null, null, dataType);
        this.activation = activation;
    }

    @Override
    public boolean hasLayer() {
        return false;
    }

    @Override
    public @Nullable Layer getLayer() {
        return null;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        if (!canDoForward()) {
            throw new IllegalStateException("forward pass without inputs: " + this);
        }
        INDArray left = inputs[0];
        INDArray right = inputs[1];
        if (!left.equalShapes(right)) {
            throw new IllegalStateException("inputs of different shapes " + Arrays.toString(left.shape()) + " and "
                    + Arrays.toString(right.shape()) + ": " + this);
        }
        INDArray sum = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, left.shape(), 'c');
        if (OffHeapFloats.accepts(left) && OffHeapFloats.accepts(right) && OffHeapFloats.accepts(sum)) {
            activation.activateSum(
                    OffHeapFloats.of(left), OffHeapFloats.of(right), OffHeapFloats.of(sum), Tiling.of(sum.length()));
        } else {
            activation.activateSlowly(sum.assign(left).addi(right));
        }
        activated = training ? sum : null;
        return sum;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        INDArray output = activated;
        if (!canDoBackward() || output == null) {
            throw new IllegalStateException("backward pass without gradient or forward pass in training: " + this);
        }
        INDArray gradient = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, output.shape(), 'c');
        if (OffHeapFloats.accepts(output) && OffHeapFloats.accepts(gradient)) {
            activation.backpropagate(
                    OffHeapFloats.of(output),
                    OffHeapFloats.of(OffHeapFloats.dense(epsilon)),
                    OffHeapFloats.of(gradient),
                    Tiling.of(output.length()));
        } else {
            gradient.assign(activation.backpropagateSlowly(output, epsilon.castTo(dataType)));
        }
        return new Pair<>(null, new INDArray[] {gradient, gradient});
    }

    @Override
    public void clear() {
        super.clear();
        activated = null;
    }

    @Override
    public void setBackpropGradientsViewArray(@Nullable INDArray gradients) {
        if (gradients != null) {
            throw new IllegalArgumentException("a vertex without parameters has no gradients: " + this);
        }
    }

    @Override
    public @Nullable Pair<INDArray, MaskState> feedForwardMaskArrays(
            INDArray @Nullable [] masks, MaskState current, int batchSize) {
        return masks == null || masks.length == 0 ? null : new Pair<>(masks[0], current);
    }

    @Override
    public String toString() {
        return "SumActivationVertex(id=" + getVertexIndex() + ",name=\"" + getVertexName() + "\",activation="
                + activation + ")";
    }
}
