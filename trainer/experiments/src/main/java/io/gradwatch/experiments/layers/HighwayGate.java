package io.gradwatch.experiments.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Vertex: {@code share·candidate + (1 − share)·carried} of three inputs of the same shape, in this order: candidate,
 * share (from 0 to 1), carried. It is what a highway layer does with its transformation, its gate and its input.
 */
public final class HighwayGate extends GraphVertex {
    private static final long serialVersionUID = 1L;
    private static final int INPUTS = 3;

    @Override
    public GraphVertex clone() {
        return new HighwayGate();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HighwayGate;
    }

    @Override
    public int hashCode() {
        return HighwayGate.class.getName().hashCode();
    }

    @Override
    public long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public int minVertexInputs() {
        return INPUTS;
    }

    @Override
    public int maxVertexInputs() {
        return INPUTS;
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray parameters,
            boolean initialise,
            DataType dataType) {
        return new HighwayGateVertex(graph, name, index, dataType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) throws InvalidInputTypeException {
        if (inputs.length != INPUTS || !inputs[0].equals(inputs[1]) || !inputs[0].equals(inputs[2])) {
            throw new InvalidInputTypeException(
                    "a highway gate needs three inputs of the same type, not " + Arrays.toString(inputs));
        }
        return inputs[0];
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputs) {
        InputType output = getOutputType(-1, inputs);
        return new LayerMemoryReport.Builder(null, HighwayGate.class, inputs[0], output)
                .standardMemory(0, 0)
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(0, 0)
                .build();
    }
}
