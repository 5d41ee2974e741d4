package io.gradwatch.listener;

import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
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
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** Small networks of stock layers, and data for them. */
final class Models {
    static final int CLASSES = 5;

    private Models() {}

    /** conv → BN → ReLU → [conv → BN, with a 1×1 projection beside it] → sum → ReLU → softmax. */
    static ComputationGraph residual(DataType type, boolean logStd) {
        ComputationGraphConfiguration conf = new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(type)
                .updater(new Adam(0.01))
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(6, 6, 2))
                .addLayer("entry", conv(3, 1).nOut(4).build(), "in")
                .addLayer("entry-bn", norm(logStd), "entry")
                .addLayer("entry-relu", new ActivationLayer(Activation.RELU), "entry-bn")
                .addLayer("skip", conv(1, 2).nOut(6).hasBias(false).build(), "entry-relu")
                .addLayer("a", conv(3, 1).nOut(3).build(), "entry-relu")
                .addLayer("b", conv(3, 2).nOut(6).build(), "a")
                .addLayer("b-bn", norm(logStd), "b")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "skip", "b-bn")
                .addLayer("relu", new ActivationLayer(Activation.RELU), "sum")
                .addLayer("out", output(), "relu")
                .setOutputs("out")
                .build();
        ComputationGraph graph = new ComputationGraph(conf);
        graph.init();
        return graph;
    }

    /** conv → BN → dense → softmax, with an L2 penalty and a learning rate that halves every two iterations. */
    static MultiLayerNetwork sequential(DataType type, boolean logStd) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(11)
                .dataType(type)
                .updater(new Sgd(new StepSchedule(ScheduleType.ITERATION, 0.1, 0.5, 2)))
                .l2(0.05)
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(conv(3, 1).nOut(3).build())
                .layer(norm(logStd))
                .layer(new DenseLayer.Builder()
                        .nOut(8)
                        .activation(Activation.TANH)
                        .build())
                .layer(output())
                .setInputType(InputType.convolutional(6, 6, 2))
                .build());
        network.init();
        return network;
    }

    /** Dense layers only. */
    static MultiLayerNetwork dense() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(0.1))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(6)
                        .activation(Activation.TANH)
                        .name("first")
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(6)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static ConvolutionLayer.Builder conv(int size, int stride) {
        return new ConvolutionLayer.Builder(size, size).stride(stride, stride).activation(Activation.IDENTITY);
    }

    private static BatchNormalization norm(boolean logStd) {
        return new BatchNormalization.Builder().useLogStd(logStd).decay(0.8).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** Random images, or random rows where {@code shape} is one number, with random labels. */
    static DataSet data(DataType type, int batch, int seed, int... shape) {
        long[] full = new long[shape.length + 1];
        full[0] = batch;
        for (int i = 0; i < shape.length; i++) {
            full[i + 1] = shape[i];
        }
        Random random = new Random(seed);
        INDArray x = Nd4j.zeros(type, full);
        for (long i = 0; i < x.length(); i++) {
            x.putScalar(i, 0.5 + 2 * random.nextGaussian());
        }
        INDArray y = Nd4j.zeros(type, batch, CLASSES);
        for (int i = 0; i < batch; i++) {
            y.putScalar(i, (i * 7 + seed) % CLASSES, 1);
        }
        return new DataSet(x, y);
    }
}
