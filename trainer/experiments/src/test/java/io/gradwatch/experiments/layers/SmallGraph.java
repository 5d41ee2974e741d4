package io.gradwatch.experiments.layers;

import java.util.Random;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** One of each fast layer: convolution, batch normalisation, a sum with a strided projection; images of 8×8×3. */
final class SmallGraph {
    static final int CLASSES = 4;
    private static final int SIZE = 8;
    private static final double SLOPE = 0.1;

    private SmallGraph() {}

    static ComputationGraph build(DataType type, CNN2DFormat format, double weightDecay) {
        return build(Kind.LEAKY, type, format, weightDecay);
    }

    static ComputationGraph build(Kind kind, DataType type, CNN2DFormat format, double weightDecay) {
        ComputationGraph graph = new ComputationGraph(configuration(kind, type, format, weightDecay));
        graph.init();
        return graph;
    }

    /** Which activation the layers have. */
    enum Kind {
        LEAKY,
        SIGMOID;

        private IActivation function() {
            return this == LEAKY ? new FastLeakyReLU(SLOPE) : new FastSigmoid();
        }

        private FastBatchNorm batchNorm() {
            return this == LEAKY ? FastBatchNorm.of(1e-5, 0.9, SLOPE) : FastBatchNorm.withSigmoid(1e-5, 0.9);
        }

        private GraphVertex sum() {
            return this == LEAKY ? new SumLeakyReLU(SLOPE) : new SumSigmoid();
        }
    }

    static ComputationGraphConfiguration configuration(
            Kind kind, DataType type, CNN2DFormat format, double weightDecay) {
        FastBatchNorm last = FastBatchNorm.of(1e-5, 0.9, 1);
        FastBatchNorm first = kind.batchNorm();
        NeuralNetConfiguration.Builder defaults = new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .updater(new Adam(0.01))
                .weightInit(WeightInit.UNIFORM)
                .convolutionMode(ConvolutionMode.Same);
        if (weightDecay > 0) {
            defaults.l2(weightDecay).l2Bias(weightDecay);
        }
        return defaults.graphBuilder()
                .addInputs("input")
                .setInputTypes(InputType.convolutional(SIZE, SIZE, 3, format))
                .addLayer(
                        "conv1",
                        convolution(3, 1, format)
                                .hasBias(true)
                                .activation(kind.function())
                                .build(),
                        "input")
                .addLayer("conv2", convolution(3, 2, format).hasBias(false).build(), "conv1")
                .addLayer("bn2", first, "conv2")
                .addLayer("conv3", convolution(3, 1, format).hasBias(false).build(), "bn2")
                .addLayer("bn3", last, "conv3")
                .addLayer("projection", convolution(1, 2, format).hasBias(false).build(), "conv1")
                .addVertex("sum1", kind.sum(), "bn3", "projection")
                .addLayer("conv4", convolution(3, 1, format).hasBias(true).build(), "sum1")
                .addVertex("sum2", kind.sum(), "conv4", "sum1")
                .addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "sum2")
                .addLayer(
                        "output",
                        new OutputLayer.Builder(new LossMCXENT())
                                .nOut(CLASSES)
                                .activation(new ActivationSoftmax())
                                .build(),
                        "pool")
                .setOutputs("output")
                .build();
    }

    private static FastConvolution.Builder convolution(int kernel, int stride, CNN2DFormat format) {
        FastConvolution.Builder builder = new FastConvolution.Builder(kernel, kernel);
        builder.nOut(5).stride(stride, stride).dataFormat(format).activation(new ActivationIdentity());
        return builder;
    }

    /** Images, [batch, 8, 8, 3] or [batch, 3, 8, 8] with the same pixels. */
    static INDArray images(int batch, DataType type, CNN2DFormat format) {
        Random random = new Random(7);
        double[] pixels = random.doubles((long) batch * SIZE * SIZE * 3, -1, 2).toArray();
        INDArray images = Nd4j.createFromArray(pixels).reshape('c', batch, SIZE, SIZE, 3);
        INDArray inFormat =
                format == CNN2DFormat.NHWC ? images : images.permute(0, 3, 1, 2).dup('c');
        return inFormat.castTo(type);
    }

    static INDArray labels(int batch, DataType type) {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, batch, CLASSES);
        for (int i = 0; i < batch; i++) {
            labels.putScalar(i, i % CLASSES, 1);
        }
        return labels.castTo(type);
    }

    /** Sets input and labels and computes gradient and score, in training mode. */
    static INDArray gradient(ComputationGraph graph, INDArray images, INDArray labels) {
        graph.setInput(0, images);
        graph.setLabel(0, labels);
        graph.computeGradientAndScore();
        return graph.getFlattenedGradients();
    }
}
