package io.gradwatch.listener.probe;

import io.gradwatch.listener.network.TrainedModel;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.layers.OutputLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A batch's mean loss without penalties, more exactly than the model's score: a small change of a loss near 4.6 is lost in
 * single precision, where neighbouring numbers are 5e-7 apart and a sum over 100 examples adds to that.
 */
final class PreciseLoss {
    private PreciseLoss() {}

    /**
     * The loss of the last pass, while the output layer still has its input. For an ordinary output layer the product,
     * the activation and the loss are computed once more in double precision; for any other it is the score.
     */
    static double of(TrainedModel model) {
        Layer output = model.output();
        if (output == null
                || output.getClass() != OutputLayer.class
                || !(output.conf().getLayer() instanceof BaseOutputLayer conf)
                || output.input() == null
                || output.input().rank() != 2
                || model.masked()) {
            return model.score() - model.penalty();
        }
        INDArray scores = doubles(output.input()).mmul(doubles(output.getParam("W")));
        INDArray bias = output.getParam("b");
        if (bias != null) {
            scores.addiRowVector(doubles(bias).reshape(bias.length()));
        }
        INDArray labels = ((OutputLayer) output).getLabels();
        double sum = conf.getLossFn().computeScore(doubles(labels), scores, conf.getActivationFn(), null, false);
        return sum / model.batchSize();
    }

    private static INDArray doubles(INDArray array) {
        return array.castTo(DataType.DOUBLE);
    }
}
