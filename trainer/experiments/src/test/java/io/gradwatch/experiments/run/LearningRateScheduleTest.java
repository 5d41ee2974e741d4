package io.gradwatch.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.schedule.ISchedule;

class LearningRateScheduleTest {
    @Test
    void followsHalfACosineFromTheInitialToTheFinalRate() {
        LearningRateSchedule cosine = LearningRateSchedule.COSINE;

        assertThat(cosine.at(0.001, 0, 100)).isEqualTo(0.001);
        // the middle, and a quarter: 2e-5 + 9.8e-4 · (1 + cos(π/4)) / 2
        assertThat(cosine.at(0.001, 50, 100)).isCloseTo(0.00051, within(1e-12));
        assertThat(cosine.at(0.001, 25, 100)).isCloseTo(0.00085648, within(1e-8));
        assertThat(cosine.at(0.001, 99, 100)).isBetween(2e-5, 2.1e-5);
    }

    @Test
    void keepsAnInitialRateBelowTheFinalOne() {
        assertThat(LearningRateSchedule.COSINE.at(1e-6, 7, 10)).isEqualTo(1e-6);
    }

    @Test
    void staysConstantWhenAskedTo() {
        assertThat(LearningRateSchedule.CONSTANT.at(0.1, 70, 100)).isEqualTo(0.1);
    }

    @Test
    void givesTheUpdaterTheSameRates() {
        for (LearningRateSchedule schedule : LearningRateSchedule.values()) {
            ISchedule updater = schedule.toUpdater(0.01, 7);
            for (int epoch = 0; epoch < 9; epoch++) {
                assertThat(updater.valueAt(1000, epoch)).isEqualTo(schedule.at(0.01, epoch, 7));
            }
        }
    }
}
