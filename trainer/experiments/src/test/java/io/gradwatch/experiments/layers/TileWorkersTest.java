package io.gradwatch.experiments.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TileWorkersTest {
    private final TileWorkers workers = new TileWorkers(3);

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    void runsEachTileOnce() {
        AtomicIntegerArray runs = new AtomicIntegerArray(1000);
        for (int repeat = 0; repeat < 200; repeat++) {
            workers.forEach(1000, runs::incrementAndGet);
        }
        for (int tile = 0; tile < 1000; tile++) {
            assertThat(runs.get(tile)).isEqualTo(200);
        }
    }

    @Test
    void runsWorkWithinWorkOnTheCaller() {
        AtomicIntegerArray runs = new AtomicIntegerArray(8);
        workers.forEach(4, outer -> workers.forEach(2, inner -> runs.incrementAndGet(2 * outer + inner)));
        for (int i = 0; i < 8; i++) {
            assertThat(runs.get(i)).isEqualTo(1);
        }
    }

    @Test
    void reportsAFailureAndGoesOnWorking() {
        assertThatThrownBy(() -> workers.forEach(100, tile -> {
                    if (tile == 50) {
                        throw new IllegalArgumentException("fifty");
                    }
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("fifty");

        AtomicIntegerArray runs = new AtomicIntegerArray(10);
        workers.forEach(10, runs::incrementAndGet);
        assertThat(runs.get(9)).isEqualTo(1);
    }

    @Test
    void refusesNoThreads() {
        assertThatThrownBy(() -> TileWorkers.shareAmong(0)).hasMessage("threads 0: accepted are 1 and more");
    }
}
