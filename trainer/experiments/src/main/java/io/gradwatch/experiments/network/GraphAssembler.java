package io.gradwatch.experiments.network;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
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

    /** Adds batch normalisation and, if the step wants it, the activation; returns the last vertex. */
    abstract String batchNorm(Step.BatchNorm step, String input);

    /** Adds the network's activation as a vertex of that name; returns it. */
    abstract String activation(String name, String input);

    /** Adds a sum without activation; returns its vertex. */
    String sum(Step.Sum step, String main, String skip) {
        graph.addVertex(step.name(), new ElementWiseVertex(ElementWiseVertex.Op.Add), main, skip);
        return step.name();
    }

    /** Adds the mixture of candidate and carried; returns the last vertex. */
    String gate(Step.Gate step, String candidate, String transform, String carried) {
        String share = step.name() + ".share";
        String difference = step.name() + ".difference";
        String product = step.name() + ".product";
        graph.addLayer(share, new ActivationLayer(new ActivationSigmoid()), transform);
        graph.addVertex(difference, new ElementWiseVertex(ElementWiseVertex.Op.Subtract), candidate, carried);
        graph.addVertex(product, new ElementWiseVertex(ElementWiseVertex.Op.Product), difference, share);
        graph.addVertex(step.name(), new ElementWiseVertex(ElementWiseVertex.Op.Add), product, carried);
        return step.name();
    }

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
        } else if (step instanceof Step.BatchNorm n) {
            return batchNorm(n, result(n.input()));
        } else if (step instanceof Step.Activate a) {
            return activation(a.name(), result(a.input()));
        } else if (step instanceof Step.AveragePool p) {
            return averagePool(p, result(p.input()));
        } else if (step instanceof Step.MaxPool p) {
            return maxPool(p, result(p.input()));
        } else if (step instanceof Step.Join j) {
            return join(j, result(j.main()), result(j.skip()));
        } else if (step instanceof Step.Sum s) {
            return sum(s, result(s.main()), result(s.skip()));
        } else if (step instanceof Step.Gate g) {
            return gate(g, result(g.candidate()), result(g.transform()), result(g.carried()));
        } else if (step instanceof Step.Concatenation c) {
            String[] inputs = c.inputs().stream().map(this::result).toArray(String[]::new);
            graph.addVertex(c.name(), new MergeVertex(), inputs);
            return c.name();
        } else if (step instanceof Step.GlobalAveragePool g) {
            graph.addLayer(g.name(), new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), result(g.input()));
            return g.name();
        } else if (step instanceof Step.Classifier d) {
            return classifier(d, result(d.input()));
        }
        throw new AssertionError(step);
    }

    private String maxPool(Step.MaxPool step, String input) {
        graph.addLayer(
                step.name(),
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .dataFormat(FORMAT)
                        .build(),
                input);
        return step.name();
    }

    private String classifier(Step.Classifier step, String input) {
        graph.addLayer(
                step.name(),
                new OutputLayer.Builder(new LossMCXENT())
                        .nIn(step.inputChannels())
                        .nOut(step.classes())
                        .activation(new ActivationSoftmax())
                        .build(),
                input);
        return step.name();
    }

    private String result(String step) {
        String vertex = results.get(step);
        if (vertex == null) {
            throw new IllegalStateException("step " + step + " is used before it is made");
        }
        return vertex;
    }
}
