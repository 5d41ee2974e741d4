package io.gradwatch.listener.statistics;

import io.gradwatch.listener.statistics.BatchAccuracy.Seen;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.comparison.CompareAndSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.conditions.Conditions;

/** {@link BatchAccuracy} with ND4J's operations: the count stays where the arrays are. */
final class DevicePredictions {
    private DevicePredictions() {}

    /** Number of examples whose largest score is their label's, an array of one element. */
    static INDArray right(Seen seen) {
        INDArray scores = seen.input().mmul(seen.output().getParam("W"));
        INDArray bias = seen.output().getParam("b");
        if (bias != null) {
            scores.addiRowVector(bias.reshape(1, bias.length()));
        }
        Nd4j.getExecutioner().exec(new CompareAndSet(scores, Double.NEGATIVE_INFINITY, Conditions.isNan()));
        INDArray labels = seen.oneHot()
                ? seen.labels().argMax(1)
                : seen.labels().castTo(DataType.LONG).reshape(seen.batch());
        INDArray right = scores.argMax(1).eq(labels).castTo(DataType.DOUBLE);
        // all NaN: no prediction
        right.muli(scores.max(1).gt(Double.NEGATIVE_INFINITY).castTo(DataType.DOUBLE));
        return right.sum().reshape(1);
    }
}
