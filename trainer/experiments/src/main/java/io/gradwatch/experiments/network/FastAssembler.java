package io.gradwatch.experiments.network;

import io.gradwatch.experiments.layers.FastBatchNorm;
import io.gradwatch.experiments.layers.FastConvolution;
import io.gradwatch.experiments.layers.FastLeakyReLU;
import io.gradwatch.experiments.layers.FastSigmoid;
import io.gradwatch.experiments.layers.HighwayGate;
import io.gradwatch.experiments.layers.SumLeakyReLU;
import io.gradwatch.experiments.layers.SumSigmoid;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Fast layers; a leaky ReLU or a sigmoid is part of the vertex before it, other activations are vertices. */
final class FastAssembler extends GraphAssembler {
    FastAssembler(NetworkSpec spec, ComputationGraphConfiguration.GraphBuilder graph) {
        super(spec, graph);
    }

    @Override
    String convolution(Step.Convolution step, String input) {
        boolean activationHere = fused() && step.activation() && !step.batchNorm();
        IActivation function = activationHere ? function() : new ActivationIdentity();
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
            graph.addLayer(step.batchNormName(), batchNorm(step.activation()), last);
            last = step.batchNormName();
        }
        return step.activation() && !fused() ? activation(step.activationName(), last) : last;
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
        GraphVertex sum = switch (spec.activation()) {
            case LEAKY_RELU -> new SumLeakyReLU(Activation.LEAKY_SLOPE);
            case SIGMOID -> new SumSigmoid();
            case RELU, TANH -> new ElementWiseVertex(ElementWiseVertex.Op.Add);
        };
        graph.addVertex(step.name(), sum, main, skip);
        return fused() ? step.name() : activation(step.name().replace("join", "activation"), step.name());
    }

    @Override
    String activation(String name, String input) {
        graph.addLayer(name, new ActivationLayer(function()), input);
        return name;
    }

    @Override
    String batchNorm(Step.BatchNorm step, String input) {
        graph.addLayer(step.name(), batchNorm(step.activation()), input);
        return step.activation() && !fused() ? activation(step.activationName(), step.name()) : step.name();
    }

    private FastBatchNorm batchNorm(boolean activated) {
        double epsilon = NetworkSpec.BATCH_NORM_EPSILON;
        double decay = NetworkSpec.BATCH_NORM_DECAY;
        if (!activated || !fused()) {
            return FastBatchNorm.of(epsilon, decay, 1);
        }
        return spec.activation() == Activation.SIGMOID
                ? FastBatchNorm.withSigmoid(epsilon, decay)
                : FastBatchNorm.of(epsilon, decay, Activation.LEAKY_SLOPE);
    }

    private IActivation function() {
        return switch (spec.activation()) {
            case LEAKY_RELU -> new FastLeakyReLU(Activation.LEAKY_SLOPE);
            case RELU -> new ActivationReLU();
            case SIGMOID -> new FastSigmoid();
            case TANH -> new ActivationTanH();
        };
    }

    /** Whether the activation is part of the vertex before it. */
    private boolean fused() {
        return spec.activation() == Activation.LEAKY_RELU || spec.activation() == Activation.SIGMOID;
    }

    @Override
    String sum(Step.Sum step, String main, String skip) {
        graph.addVertex(step.name(), new SumLeakyReLU(1), main, skip);
        return step.name();
    }

    @Override
    String gate(Step.Gate step, String candidate, String transform, String carried) {
        String share = step.name() + ".share";
        graph.addLayer(share, new ActivationLayer(new FastSigmoid()), transform);
        graph.addVertex(step.name(), new HighwayGate(), candidate, share, carried);
        return step.name();
    }
}
