package io.gradwatch.experiments.network;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Deeplearning4j's own layers, one vertex for each operation. */
final class StockAssembler extends GraphAssembler {
    StockAssembler(NetworkSpec spec, ComputationGraphConfiguration.GraphBuilder graph) {
        super(spec, graph);
    }

    @Override
    String convolution(Step.Convolution step, String input) {
        graph.addLayer(
                step.name(),
                new ConvolutionLayer.Builder(step.kernel(), step.kernel())
                        .stride(step.stride(), step.stride())
                        .nIn(step.inputChannels())
                        .nOut(step.channels())
                        .hasBias(step.bias())
                        .dataFormat(FORMAT)
                        .activation(new ActivationIdentity())
                        .build(),
                input);
        String last = step.name();
        if (step.batchNorm()) {
            addBatchNorm(step.batchNormName(), last);
            last = step.batchNormName();
        }
        return step.activation() ? activation(step.activationName(), last) : last;
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
        graph.addVertex(step.name(), new ElementWiseVertex(ElementWiseVertex.Op.Add), main, skip);
        return activation(step.name().replace("join", "activation"), step.name());
    }

    @Override
    String batchNorm(Step.BatchNorm step, String input) {
        addBatchNorm(step.name(), input);
        return step.activation() ? activation(step.activationName(), step.name()) : step.name();
    }

    @Override
    String activation(String name, String input) {
        IActivation function = switch (spec.activation()) {
            case LEAKY_RELU -> new ActivationLReLU(Activation.LEAKY_SLOPE);
            case RELU -> new ActivationReLU();
            case SIGMOID -> new ActivationSigmoid();
            case TANH -> new ActivationTanH();
        };
        graph.addLayer(name, new ActivationLayer(function), input);
        return name;
    }

    private void addBatchNorm(String name, String input) {
        graph.addLayer(
                name,
                new BatchNormalization.Builder()
                        .eps(NetworkSpec.BATCH_NORM_EPSILON)
                        .decay(NetworkSpec.BATCH_NORM_DECAY)
                        .useLogStd(false)
                        .dataFormat(FORMAT)
                        .build(),
                input);
    }
}
