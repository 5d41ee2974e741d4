package io.gradwatch.experiments.run;

import static java.util.Objects.requireNonNull;

import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network's last layer, done again in Java: from what goes into the dense softmax layer to the loss and the number of
 * correct images. Deeplearning4j computes the softmax of a training step but shows it to nobody, and clips its loss.
 * Costs well under a millisecond for a batch of 100. Not thread-safe.
 */
final class ClassifierHead {
    private final String inputVertex;
    private final Layer dense;
    private float[] weights = new float[0];
    private float[] biases = new float[0];
    private float[] inputs = new float[0];
    private float[] oneHot = new float[0];
    private float[] logits = new float[0];

    ClassifierHead(ComputationGraph network) {
        String output = network.getConfiguration().getNetworkOutputs().get(0);
        inputVertex = requireNonNull(
                        network.getConfiguration().getVertexInputs().get(output))
                .get(0);
        dense = network.getLayer(output);
    }

    /** Name of the vertex whose activations {@link #evaluate} wants. */
    String inputVertex() {
        return inputVertex;
    }

    /**
     * The result with the present parameters.
     *
     * @param input activations of {@link #inputVertex}, floats, [images, features]
     * @param labels one-hot, floats, [images, classes]
     */
    BatchResult evaluate(INDArray input, INDArray labels) {
        int images = (int) input.size(0);
        int features = (int) input.size(1);
        int classes = (int) labels.size(1);
        weights = rows(dense.getParam("W").transpose(), weights); // [classes, features]
        biases = rows(dense.getParam("b"), biases);
        inputs = rows(input, inputs);
        oneHot = rows(labels, oneHot);
        if (logits.length != images * classes) {
            logits = new float[images * classes];
        }
        for (int image = 0; image < images; image++) {
            for (int label = 0; label < classes; label++) {
                float sum = biases[label];
                for (int i = 0; i < features; i++) {
                    sum += inputs[image * features + i] * weights[label * features + i];
                }
                logits[image * classes + label] = sum;
            }
        }
        return BatchResult.of(logits, oneHot, images);
    }

    /** The array's elements, rows first; in {@code reused} if that has the right length. */
    private static float[] rows(INDArray array, float[] reused) {
        int length = Math.toIntExact(array.length());
        float[] target = reused.length == length ? reused : new float[length];
        try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            boolean inOrder = array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
            INDArray ordered = inOrder ? array : array.dup('c');
            new FloatPointer(ordered.data().addressPointer()).get(target, 0, length);
        }
        return target;
    }
}
