package io.gradwatch.telemetry.replay;

import io.gradwatch.telemetry.stream.IterationRecord;

/**
 * How far a run is, comparable with other runs.
 *
 * @param iterationsPerEpoch 0: not known
 */
public record Axis(Align align, long iterationsPerEpoch) {

    /** Position of a record; of two records of an attempt the later one's is not smaller. */
    double of(IterationRecord record) {
        return of(
                record.iteration().getIteration(),
                Integer.toUnsignedLong(record.iteration().getEpoch()));
    }

    /** Position of an iteration of an epoch. */
    public double of(long iteration, long epoch) {
        if (align != Align.EPOCH) {
            return iteration;
        }
        return iterationsPerEpoch > 0 ? (double) iteration / iterationsPerEpoch : epoch;
    }

    /**
     * The iteration of another run that corresponds to one of this run, by iteration or epoch. Where epochs cannot be
     * compared the same iteration is taken.
     */
    public long toward(Axis other, long iteration) {
        if (align != Align.EPOCH || iterationsPerEpoch <= 0 || other.iterationsPerEpoch <= 0) {
            return iteration;
        }
        return Math.round((double) (iteration + 1) * other.iterationsPerEpoch / iterationsPerEpoch) - 1;
    }
}
