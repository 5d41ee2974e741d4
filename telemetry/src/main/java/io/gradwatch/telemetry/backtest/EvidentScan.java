package io.gradwatch.telemetry.backtest;

import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.telemetry.stream.EpochRecord;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.OptionalLong;

/** Finds {@link Evident} while a run is read. For one run and one thread. */
final class EvidentScan implements RecordedRun.Events {
    private static final double LARGE_OF_GUESSING = 2;
    private static final double LARGE_OF_FIRST = 10;
    private static final double CHANCE_LOSS = 0.98;
    private static final double CHANCE_ACCURACY = 2;

    private final int classes;
    private double limit;
    private OptionalLong nonFinite = OptionalLong.empty();
    private OptionalLong large = OptionalLong.empty();
    private OptionalLong chance = OptionalLong.empty();
    private boolean guessedBefore;
    private long end = -1;

    /** @param classes 0: not known */
    EvidentScan(int classes) {
        this.classes = classes;
        this.limit = classes > 1 ? LARGE_OF_GUESSING * Math.log(classes) : 0;
    }

    @Override
    public void iteration(IterationRecord record) {
        Iteration iteration = record.iteration();
        end = Math.max(end, iteration.getIteration());
        if (!iteration.hasLoss()) {
            return;
        }
        float loss = iteration.getLoss();
        if (!Float.isFinite(loss)) {
            nonFinite = nonFinite.isPresent() ? nonFinite : OptionalLong.of(iteration.getIteration());
        } else if (loss > limit && limit > 0) {
            large = large.isPresent() ? large : OptionalLong.of(iteration.getIteration());
        } else if (limit == 0) {
            limit = LARGE_OF_FIRST * Math.abs(loss);
        }
    }

    @Override
    public void epoch(EpochRecord record) {
        Epoch epoch = record.epoch();
        boolean guesses = classes > 1
                && epoch.hasTrainLoss()
                && epoch.getTrainLoss() >= CHANCE_LOSS * Math.log(classes)
                && (!epoch.hasTrainAccuracy() || epoch.getTrainAccuracy() <= CHANCE_ACCURACY / classes);
        if (guesses && guessedBefore && chance.isEmpty()) {
            chance = OptionalLong.of(epoch.getIteration());
        }
        guessedBefore = guesses;
    }

    Evident found() {
        return new Evident(nonFinite, large, chance, end);
    }
}
