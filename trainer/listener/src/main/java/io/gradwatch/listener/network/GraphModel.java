package io.gradwatch.listener.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A ComputationGraph. */
record GraphModel(ComputationGraph model) implements TrainedModel {
    @Override
    public List<Node> nodes() {
        GraphVertex[] vertices = model.getVertices();
        Map<String, List<String>> inputs = model.getConfiguration().getVertexInputs();
        List<String> networkInputs = model.getConfiguration().getNetworkInputs();
        List<Node> nodes = new ArrayList<>();
        for (int at : model.topologicalSortOrder()) {
            GraphVertex vertex = vertices[at];
            String name = vertex.getVertexName();
            if (networkInputs.contains(name)) {
                continue;
            }
            List<String> from = new ArrayList<>(inputs.getOrDefault(name, List.of()));
            from.removeAll(networkInputs);
            nodes.add(new Node(name, List.copyOf(from), vertex.getLayer(), vertex.numParams()));
        }
        return nodes;
    }

    @Override
    public @Nullable INDArray gradient() {
        return model.getFlattenedGradients();
    }

    @Override
    public INDArray parameters() {
        return model.params();
    }

    @Override
    public int batchSize() {
        return model.batchSize();
    }

    @Override
    public double score() {
        return model.score();
    }

    @Override
    public double penalty() {
        return model.calcRegularizationScore(true);
    }

    @Override
    public int iterations() {
        return model.getIterationCount();
    }

    @Override
    public @Nullable Layer output() {
        return model.getNumOutputArrays() == 1 ? model.getOutputLayer(0) : null;
    }

    @Override
    public boolean masked() {
        INDArray[] masks = model.getLabelMaskArrays();
        return masks != null && masks.length > 0 && masks[0] != null;
    }
}
