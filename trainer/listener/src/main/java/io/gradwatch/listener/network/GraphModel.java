package io.gradwatch.listener.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.optimize.api.TrainingListener;
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
            nodes.add(new Node(name, List.copyOf(from), vertex.getLayer(), adds(name), vertex.numParams()));
        }
        return nodes;
    }

    private boolean adds(String name) {
        return model.getConfiguration().getVertices().get(name) instanceof ElementWiseVertex vertex
                && vertex.getOp() == ElementWiseVertex.Op.Add;
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
    public void score(double score) {
        model.setScore(score);
    }

    @Override
    public int epochs() {
        return model.getEpochCount();
    }

    @Override
    public Collection<TrainingListener> listeners() {
        return model.getListeners();
    }

    @Override
    public void backpropagate(INDArray[] features, INDArray[] labels) {
        INDArray[] inputsBefore = model.getInputs();
        try {
            model.setInputs(features);
            model.setLabels(labels);
            model.computeGradientAndScore();
        } finally {
            model.setInputs(inputsBefore);
            model.setLabels((INDArray[]) null); // nobody can read them
            model.clearLayersStates();
        }
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
