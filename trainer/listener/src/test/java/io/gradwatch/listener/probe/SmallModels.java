package io.gradwatch.listener.probe;

import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks for probing, and data. */
final class SmallModels {
    private SmallModels() {}

    /** A linear map with squared errors: the loss is quadratic in the parameters. */
    static MultiLayerNetwork linear(DataType type) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .updater(new Sgd(0.1))
                .list()
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(4)
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** tanh, then softmax; with an L2 penalty, which is no part of the loss that is probed. */
    static MultiLayerNetwork smooth() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .l2(0.01)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(3)
                        .activation(Activation.TANH)
                        .build())
                .layer(softmax(3))
                .build());
        network.init();
        return network;
    }

    /** Convolution, normalisation, dropout: everything that a forward pass in training may leave traces in. */
    static ComputationGraph withTraces(DataType type) {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(9)
                .dataType(type)
                .updater(new Adam(0.01))
                .l2(0.001)
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(5, 5, 2))
                .addLayer(
                        "conv",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(4)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "in")
                .addLayer("bn", new BatchNormalization.Builder().build(), "conv")
                .addLayer("relu", new ActivationLayer(Activation.LEAKYRELU), "bn")
                .addLayer(
                        "dense",
                        new DenseLayer.Builder()
                                .nOut(10)
                                .activation(Activation.TANH)
                                .dropOut(0.7)
                                .build(),
                        "relu")
                .addLayer("out", softmax(10), "dense")
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }

    /**
     * So many dense layers of width 50, without skips or normalisation, with weights so large that small differences grow
     * from layer to layer.
     */
    static MultiLayerNetwork plain(int hidden) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Sgd(0.1))
                .weightInit(new NormalDistribution(0, 0.4))
                .list();
        for (int i = 0; i < hidden; i++) {
            list.layer(new DenseLayer.Builder()
                    .nIn(i == 0 ? 20 : 50)
                    .nOut(50)
                    .activation(Activation.TANH)
                    .build());
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(list.layer(softmax(hidden == 0 ? 20 : 50)).build());
        network.init();
        return network;
    }

    private static OutputLayer softmax(int inputs) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(inputs)
                .nOut(5)
                .activation(Activation.SOFTMAX)
                .build();
    }

    static INDArray normal(DataType type, long seed, long... shape) {
        Random random = new Random(seed);
        INDArray array = Nd4j.zeros(type, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextGaussian());
        }
        return array;
    }

    static INDArray labels(DataType type, long seed, int batch) {
        Random random = new Random(seed);
        INDArray array = Nd4j.zeros(type, batch, 5);
        for (int i = 0; i < batch; i++) {
            array.putScalar(new int[] {i, random.nextInt(5)}, 1);
        }
        return array;
    }
}
