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

/** Forward and backward pass of {@link HighwayGate}. */
final class HighwayGateVertex extends BaseGraphVertex {
    private static final long serialVersionUID = 1L;

    HighwayGateVertex(ComputationGraph graph, String name, int index, DataType dataType) {
        super(graph, name, index, null, null, dataType);
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
        INDArray candidate = inputs[0];
        INDArray share = inputs[1];
        INDArray carried = inputs[2];
        if (!candidate.equalShapes(share) || !candidate.equalShapes(carried)) {
            throw new IllegalStateException("inputs of different shapes " + Arrays.toString(candidate.shape()) + ", "
                    + Arrays.toString(share.shape()) + " and " + Arrays.toString(carried.shape()) + ": " + this);
        }
        INDArray mixture = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, candidate.shape(), 'c');
        if (fast(candidate, share, carried, mixture)) {
            GateMath.mix(
                    OffHeapFloats.of(candidate),
                    OffHeapFloats.of(share),
                    OffHeapFloats.of(carried),
                    OffHeapFloats.of(mixture),
                    Tiling.of(mixture.length()));
        } else {
            mixture.assign(candidate).subi(carried).muli(share).addi(carried);
        }
        return mixture;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        if (!canDoBackward()) {
            throw new IllegalStateException("backward pass without inputs or gradient: " + this);
        }
        INDArray candidate = inputs[0];
        INDArray share = inputs[1];
        INDArray carried = inputs[2];
        INDArray[] gradients = new INDArray[inputs.length];
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, share.shape(), 'c');
        }
        if (fast(candidate, share, carried, gradients[0])) {
            GateMath.backpropagate(
                    OffHeapFloats.of(candidate),
                    OffHeapFloats.of(share),
                    OffHeapFloats.of(carried),
                    OffHeapFloats.of(OffHeapFloats.dense(epsilon)),
                    new GateMath.Gradients(
                            OffHeapFloats.of(gradients[0]),
                            OffHeapFloats.of(gradients[1]),
                            OffHeapFloats.of(gradients[2])),
                    Tiling.of(share.length()));
        } else {
            gradients[0].assign(epsilon).muli(share);
            gradients[1].assign(candidate).subi(carried).muli(epsilon);
            gradients[2].assign(epsilon).subi(gradients[0]);
        }
        return new Pair<>(null, gradients);
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
        return "HighwayGateVertex(id=" + getVertexIndex() + ",name=\"" + getVertexName() + "\")";
    }

    private static boolean fast(INDArray... arrays) {
        return Arrays.stream(arrays).allMatch(OffHeapFloats::accepts);
    }
}
