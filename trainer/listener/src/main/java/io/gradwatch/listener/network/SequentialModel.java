package io.gradwatch.listener.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A MultiLayerNetwork: each layer takes the one before it. */
record SequentialModel(MultiLayerNetwork model) implements TrainedModel {
    @Override
    public List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        List<String> before = List.of();
        Layer[] layers = model.getLayers();
        for (int i = 0; i < layers.length; i++) {
            String given = layers[i].conf().getLayer().getLayerName();
            String name = given == null ? "layer" + i : given;
            nodes.add(new Node(name, before, layers[i], false, layers[i].numParams()));
            before = List.of(name);
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
        INDArray inputBefore = model.getInput();
        INDArray labelsBefore = model.getLabels();
        try {
            model.setInput(features[0]);
            model.setLabels(labels[0]);
            model.computeGradientAndScore();
        } finally {
            model.setInput(inputBefore);
            model.setLabels(labelsBefore);
            model.clearLayersStates();
        }
    }

    @Override
    public Layer output() {
        return model.getOutputLayer();
    }

    @Override
    public boolean masked() {
        return model.getOutputLayer().getMaskArray() != null;
    }
}
