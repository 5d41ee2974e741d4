package io.gradwatch.experiments.network;

import io.gradwatch.experiments.layers.FastBatchNorm;
import io.gradwatch.experiments.layers.FastConvolution;
import io.gradwatch.experiments.layers.FastLeakyReLU;
import io.gradwatch.experiments.layers.HighwayGate;
import io.gradwatch.experiments.layers.SumLeakyReLU;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Fast layers; a leaky ReLU is part of the vertex before it. */
final class FastAssembler extends GraphAssembler {
    FastAssembler(NetworkSpec spec, ComputationGraphConfiguration.GraphBuilder graph) {
        super(spec, graph);
    }

    @Override
    String convolution(Step.Convolution step, String input) {
        boolean leakyHere = leaky() && step.activation() && !step.batchNorm();
        IActivation function = leakyHere ? new FastLeakyReLU(Activation.LEAKY_SLOPE) : new ActivationIdentity();
        graph.addLayer(
                step.name(),
                new FastConvolution.Builder(step.kernel(), step.kernel())
                        .stride(step.stride(), step.stride())
                        .nIn(step.inputChannels())
                        .nOut(step.channels())
                        .hasBias(step.bias())
                        .dataFormat(FORMAT)
                        .activation(function)
                        .build(),
                input);
        String last = step.name();
        if (step.batchNorm()) {
            double slope = leaky() && step.activation() ? Activation.LEAKY_SLOPE : 1;
            graph.addLayer(
                    step.batchNormName(),
                    FastBatchNorm.of(NetworkSpec.BATCH_NORM_EPSILON, NetworkSpec.BATCH_NORM_DECAY, slope),
                    last);
            last = step.batchNormName();
        }
        return step.activation() && !leaky() ? sigmoid(step.activationName(), last) : last;
    }

    @Override
    String averagePool(Step.AveragePool step, String input) {
        graph.addLayer(
                step.name(),
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .dataFormat(FORMAT)
                        .build(),
                input);
        return step.name();
    }

    @Override
    String join(Step.Join step, String main, String skip) {
        if (leaky()) {
            graph.addVertex(step.name(), new SumLeakyReLU(Activation.LEAKY_SLOPE), main, skip);
            return step.name();
        }
        graph.addVertex(step.name(), new ElementWiseVertex(ElementWiseVertex.Op.Add), main, skip);
        return sigmoid(step.name().replace("join", "activation"), step.name());
    }

    private boolean leaky() {
        return spec.activation() == Activation.LEAKY_RELU;
    }

    private String sigmoid(String name, String input) {
        return activation(name, input);
    }

    @Override
    String activation(String name, String input) {
        IActivation function = switch (spec.activation()) {
            case LEAKY_RELU -> new FastLeakyReLU(Activation.LEAKY_SLOPE);
            case RELU -> new ActivationReLU();
            case SIGMOID -> new ActivationSigmoid();
            case TANH -> new ActivationTanH();
        };
        graph.addLayer(name, new ActivationLayer(function), input);
        return name;
    }

    @Override
    String batchNorm(Step.BatchNorm step, String input) {
        double slope = leaky() && step.activation() ? Activation.LEAKY_SLOPE : 1;
        graph.addLayer(
                step.name(),
                FastBatchNorm.of(NetworkSpec.BATCH_NORM_EPSILON, NetworkSpec.BATCH_NORM_DECAY, slope),
                input);
        return step.activation() && !leaky() ? activation(step.activationName(), step.name()) : step.name();
    }

    @Override
    String sum(Step.Sum step, String main, String skip) {
        graph.addVertex(step.name(), new SumLeakyReLU(1), main, skip);
        return step.name();
    }

    @Override
    String gate(Step.Gate step, String candidate, String transform, String carried) {
        String share = step.name() + ".share";
        graph.addLayer(share, new ActivationLayer(new ActivationSigmoid()), transform);
        graph.addVertex(step.name(), new HighwayGate(), candidate, share, carried);
        return step.name();
    }
}
