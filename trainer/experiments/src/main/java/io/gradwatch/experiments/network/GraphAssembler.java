package io.gradwatch.experiments.network;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Translates the steps of a plan into vertices; a kind of layers says how each step is made. */
abstract class GraphAssembler {
    static final CNN2DFormat FORMAT = CNN2DFormat.NHWC;

    final NetworkSpec spec;
    final ComputationGraphConfiguration.GraphBuilder graph;
    /** Vertex that yields a step's result, by the step's name. */
    private final Map<String, String> results = new HashMap<>();

    GraphAssembler(NetworkSpec spec, ComputationGraphConfiguration.GraphBuilder graph) {
        this.spec = spec;
        this.graph = graph;
    }

    /** Adds the vertices of a convolution, its normalisation and its activation; returns the last vertex. */
    abstract String convolution(Step.Convolution step, String input);

    /** Adds an average pooling over 2×2; returns its vertex. */
    abstract String averagePool(Step.AveragePool step, String input);

    /** Adds sum and activation; returns the last vertex. */
    abstract String join(Step.Join step, String main, String skip);

    final ComputationGraphConfiguration assemble() {
        graph.addInputs(Step.INPUT);
        graph.setInputTypes(InputType.convolutional(
                NetworkSpec.IMAGE_SIZE, NetworkSpec.IMAGE_SIZE, NetworkSpec.IMAGE_CHANNELS, FORMAT));
        results.put(Step.INPUT, Step.INPUT);
        List<Step> steps = NetworkPlan.of(spec);
        for (Step step : steps) {
            results.put(step.name(), add(step));
        }
        graph.setOutputs(result(steps.get(steps.size() - 1).name()));
        return graph.build();
    }

    private String add(Step step) {
        if (step instanceof Step.Convolution c) {
            return convolution(c, result(c.input()));
        } else if (step instanceof Step.AveragePool p) {
            return averagePool(p, result(p.input()));
        } else if (step instanceof Step.Join j) {
            return join(j, result(j.main()), result(j.skip()));
        } else if (step instanceof Step.GlobalAveragePool g) {
            graph.addLayer(g.name(), new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), result(g.input()));
            return g.name();
        } else if (step instanceof Step.Classifier d) {
            graph.addLayer(
                    d.name(),
                    new OutputLayer.Builder(new LossMCXENT())
                            .nIn(d.inputs())
                            .nOut(d.classes())
                            .activation(new ActivationSoftmax())
                            .build(),
                    result(d.input()));
            return d.name();
        }
        throw new AssertionError(step);
    }

    private String result(String step) {
        String vertex = results.get(step);
        if (vertex == null) {
            throw new IllegalStateException("step " + step + " is used before it is made");
        }
        return vertex;
    }
}
