package io.gradwatch.experiments.run;

import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Measures loss and accuracy of every training step, before the step changes the parameters. */
final class BatchMeter extends BaseTrainingListener {
    private final ClassifierHead head;
    private @Nullable INDArray labels;
    private BatchResult last = BatchResult.NOTHING;

    BatchMeter(ClassifierHead head) {
        this.head = head;
    }

    /** To be called before each step, with its one-hot labels. */
    void expect(INDArray ofNextStep) {
        labels = ofNextStep;
    }

    /** Result of the last step. */
    BatchResult last() {
        return last;
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        INDArray expected = labels;
        INDArray input = activations.get(head.inputVertex());
        if (input == null || expected == null) {
            throw new IllegalStateException("a forward pass without labels, or without " + head.inputVertex());
        }
        last = head.evaluate(input, expected);
    }
}
