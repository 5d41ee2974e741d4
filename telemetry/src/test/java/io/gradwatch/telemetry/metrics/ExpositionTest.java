package io.gradwatch.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.telemetry.metrics.Exposition.Sample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpositionTest {
    @Test
    void writesCountersAndGaugesWithTheirHelpAndType() {
        assertThat(new Exposition()
                        .counter("a_total", "All of it.", 12_345_678_901.0)
                        .gauge("b", "Now.", 0.25)
                        .toString())
                .isEqualTo("""
                    # HELP a_total All of it.
                    # TYPE a_total counter
                    a_total 12345678901
                    # HELP b Now.
                    # TYPE b gauge
                    b 0.25
                    """);
    }

    @Test
    void namesWhatIsNotFiniteAndEscapesLabels() {
        assertThat(new Exposition()
                        .gauge(
                                "loss",
                                "Loss.",
                                List.of(
                                        new Sample(Map.of("run", "a\"b\\c\nd"), Double.NaN),
                                        new Sample(Map.of("run", "x"), Double.POSITIVE_INFINITY),
                                        new Sample(Map.of("run", "y"), Double.NEGATIVE_INFINITY)))
                        .toString())
                .contains("loss{run=\"a\\\"b\\\\c\\nd\"} NaN\n", "loss{run=\"x\"} +Inf\n", "loss{run=\"y\"} -Inf\n");
    }

    @Test
    void leavesOutWhatHasNoSamples() {
        assertThat(new Exposition().gauge("none", "None.", List.of()).toString())
                .isEmpty();
    }

    @Test
    void bucketsOfAHistogramAddUp() {
        Histogram histogram = new Histogram();
        for (long ms : new long[] {-3, 5, 6, 700, 99_000}) {
            histogram.record(ms);
        }
        String page = new Exposition().histogram("t_seconds", "T.", histogram).toString();
        assertThat(page)
                .contains(
                        "t_seconds_bucket{le=\"0.005\"} 2\n",
                        "t_seconds_bucket{le=\"0.01\"} 3\n",
                        "t_seconds_bucket{le=\"0.5\"} 3\n",
                        "t_seconds_bucket{le=\"1\"} 4\n",
                        "t_seconds_bucket{le=\"10\"} 4\n",
                        "t_seconds_bucket{le=\"+Inf\"} 5\n",
                        "t_seconds_sum 99.711\n",
                        "t_seconds_count 5\n");
    }
}
