package io.gradwatch.benchmarks.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void quantilesAreTimesThatWereMeasured() {
        Latencies latencies = new Latencies();
        for (int i = 3_000; i >= 1; i--) {
            latencies.add(i);
        }
        Latencies.Stretch stretch = latencies.take();
        assertThat(stretch.count()).isEqualTo(3_000);
        assertThat(stretch.quantile(0.5)).isEqualTo(1_500);
        assertThat(stretch.quantile(0.99)).isEqualTo(2_970);
        assertThat(stretch.quantile(1)).isEqualTo(3_000);
    }

    @Test
    void eachStretchBeginsAnew() {
        Latencies latencies = new Latencies();
        latencies.add(5);
        assertThat(latencies.take().text()).isEqualTo("p50 5 ms, p99 5 ms (1 frames)");
        assertThat(latencies.take().text()).isEqualTo("none");
    }
}
