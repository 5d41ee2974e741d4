package io.gradwatch.experiments.run;

import io.gradwatch.experiments.data.Batch;
import io.gradwatch.experiments.data.EvaluationBatches;
import io.gradwatch.experiments.data.ImageSubset;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Measures a network on a subset, with the running averages of batch normalisation. */
final class Evaluator {
    /** Fast, and small beside what a training step needs. */
    private static final int BATCH_SIZE = 100;

    private static final double LEAST_PROBABILITY = Float.MIN_NORMAL;

    private final ComputationGraph network;
    private final EvaluationBatches batches;

    Evaluator(ComputationGraph network, ImageSubset subset) {
        this.network = network;
        this.batches = new EvaluationBatches(subset, BATCH_SIZE);
    }

    /** The result over all images; empty if {@code stop} was requested before it was complete. */
    Optional<BatchResult> evaluate(StopSignal stop) {
        BatchResult sum = BatchResult.NOTHING;
        for (int i = 0; i < batches.count(); i++) {
            if (stop.requested().isPresent()) {
                return Optional.empty();
            }
            Batch batch = batches.get(i);
            INDArray probabilities = network.outputSingle(batch.features());
            sum = sum.plus(BatchResult.of(
                    logarithms(probabilities), batch.labels().data().asFloat(), batch.size()));
        }
        return Optional.of(sum);
    }

    /** Logarithms of probabilities serve as well as the softmax's inputs: they differ by a constant. */
    private static float[] logarithms(INDArray probabilities) {
        float[] values = probabilities.dup('c').data().asFloat();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.log(Math.max(values[i], LEAST_PROBABILITY));
        }
        return values;
    }
}
