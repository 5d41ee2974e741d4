package io.gradwatch.experiments.network;

import io.gradwatch.experiments.layers.FastBatchNorm;
import io.gradwatch.experiments.layers.FastConvolution;
import io.gradwatch.experiments.layers.FastLeakyReLU;
import io.gradwatch.experiments.layers.FastSigmoid;
import io.gradwatch.experiments.layers.SumLeakyReLU;
import io.gradwatch.experiments.layers.SumSigmoid;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/** Fast layers; the activation is part of the vertex before it. */
final class FastAssembler extends GraphAssembler {
    FastAssembler(NetworkSpec spec, ComputationGraphConfiguration.GraphBuilder graph) {
        super(spec, graph);
    }

    @Override
    String convolution(Step.Convolution step, String input) {
        boolean activationHere = step.activation() && !step.batchNorm();
        IActivation function = activationHere ? activation() : new ActivationIdentity();
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
        if (!step.batchNorm()) {
            return step.name();
        }
        graph.addLayer(step.batchNormName(), batchNorm(step.activation()), step.name());
        return step.batchNormName();
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
        graph.addVertex(step.name(), sum(), main, skip);
        return step.name();
    }

    private IActivation activation() {
        return switch (spec.activation()) {
            case LEAKY_RELU -> new FastLeakyReLU(Activation.LEAKY_SLOPE);
            case SIGMOID -> new FastSigmoid();
        };
    }

    private GraphVertex sum() {
        return switch (spec.activation()) {
            case LEAKY_RELU -> new SumLeakyReLU(Activation.LEAKY_SLOPE);
            case SIGMOID -> new SumSigmoid();
        };
    }

    private FastBatchNorm batchNorm(boolean activated) {
        double epsilon = NetworkSpec.BATCH_NORM_EPSILON;
        double decay = NetworkSpec.BATCH_NORM_DECAY;
        if (!activated) {
            return FastBatchNorm.of(epsilon, decay, 1);
        }
        return switch (spec.activation()) {
            case LEAKY_RELU -> FastBatchNorm.of(epsilon, decay, Activation.LEAKY_SLOPE);
            case SIGMOID -> FastBatchNorm.withSigmoid(epsilon, decay);
        };
    }
}
