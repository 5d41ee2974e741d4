package io.gradwatch.experiments.run;

import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** How the learning rate changes from epoch to epoch; within an epoch it does not. */
public enum LearningRateSchedule {
    /** Along half a cosine from the initial rate, in the first epoch, towards {@link #FINAL_RATE} after the last. */
    COSINE,
    /** Always the initial rate. */
    CONSTANT;

    /** Where cosine annealing leads; a lower initial rate stays as it is. */
    public static final double FINAL_RATE = 2e-5;

    /**
     * The learning rate of an epoch.
     *
     * @param initial rate of the first epoch, above 0
     * @param epoch 0-based; after the last planned one the rate stays
     * @param epochs planned, at least 1
     */
    public double at(double initial, int epoch, int epochs) {
        if (this == CONSTANT) {
            return initial;
        }
        double last = Math.min(initial, FINAL_RATE);
        double progress = Math.min(epoch, epochs - 1) / (double) epochs;
        return last + (initial - last) * (1 + StrictMath.cos(Math.PI * progress)) / 2;
    }

    /** The same as Deeplearning4j's updaters want it; can be saved with a model. */
    ISchedule toUpdater(double initial, int epochs) {
        if (this == CONSTANT) {
            return new FixedSchedule(initial);
        }
        Map<Integer, Double> rates = new TreeMap<>();
        for (int epoch = 0; epoch < epochs; epoch++) {
            rates.put(epoch, at(initial, epoch, epochs));
        }
        return new MapSchedule(ScheduleType.EPOCH, rates);
    }
}
