package io.gradwatch.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.telemetry.metrics.Reading.OfRun;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceMetricsTest {
    private final ServiceMetrics metrics = new ServiceMetrics(Optional.empty());
    private final AtomicReference<Reading> now = new AtomicReference<>(reading());

    @AfterEach
    void close() {
        metrics.close();
    }

    private static Reading reading(OfRun... runs) {
        return new Reading(
                12_345_678_901L, 7, 2, 1, 5, 3, true, false, 1.25, 4_096, 1_000_000_000_001L, 4, List.of(runs));
    }

    private static OfRun run(String id, @Nullable Number loss) {
        return new OfRun(id, 41L, loss, null, 0.5f, 6L, 2);
    }

    private Stream<String> lines(String beginning) {
        return metrics.scrape().lines().filter(line -> line.startsWith(beginning));
    }

    @Test
    void readsWhatIsCountedAnywayAnewForEachPage() {
        metrics.start(now::get);
        assertThat(metrics.scrape())
                .contains(
                        "# HELP gradwatch_ingest_records_total Records read from Kafka.\n",
                        "# TYPE gradwatch_ingest_records_total counter\n",
                        "gradwatch_ingest_records_total 1.2345678901E10\n",
                        "gradwatch_ingest_iterations_total 7.0\n",
                        "gradwatch_ingest_malformed_total 2.0\n",
                        "gradwatch_ingest_unknown_total 1.0\n",
                        "gradwatch_ingest_lost_total 5.0\n",
                        "# TYPE gradwatch_ingest_lag_records gauge\n",
                        "gradwatch_ingest_lag_records 3.0\n",
                        "gradwatch_kafka_connected 1.0\n",
                        "gradwatch_history_writable 0.0\n",
                        "gradwatch_rules_seconds_total 1.25\n",
                        "gradwatch_history_bytes 4096.0\n",
                        "gradwatch_history_iterations 1.000000000001E12\n",
                        "gradwatch_viewers 4.0\n");
        now.set(Reading.NOTHING);
        assertThat(metrics.scrape()).contains("gradwatch_viewers 0.0\n", "gradwatch_kafka_connected 0.0\n");
    }

    @Test
    void namesWhatIsNotFiniteEscapesRunsAndLeavesOutWhatWasNotMeasured() {
        metrics.start(now::get);
        now.set(reading(
                run("a\"b\\c\nd", Float.NaN),
                run("x", Float.POSITIVE_INFINITY),
                run("y", Float.NEGATIVE_INFINITY),
                run("z", null)));
        assertThat(lines("gradwatch_run_loss"))
                .containsExactlyInAnyOrder(
                        "gradwatch_run_loss{run=\"a\\\"b\\\\c\\nd\"} NaN",
                        "gradwatch_run_loss{run=\"x\"} +Inf",
                        "gradwatch_run_loss{run=\"y\"} -Inf");
        assertThat(lines("gradwatch_run_accuracy")).isEmpty();
        assertThat(lines("gradwatch_run_iteration{")).hasSize(4).allMatch(line -> line.endsWith("} 41.0"));
        assertThat(lines("gradwatch_run_learning_rate{run=\"z\"} 0.5")).hasSize(1);
        assertThat(lines("gradwatch_run_dropped_records{run=\"z\"} 6.0")).hasSize(1);
        assertThat(lines("gradwatch_run_firing_alerts{run=\"z\"} 2.0")).hasSize(1);
    }

    @Test
    void seriesOfARunThatHasEndedVanishAndThoseOfOthersFollowTheirRun() {
        metrics.start(now::get);
        now.set(reading(run("ends", 1.5f), run("stays", 2.5f)));
        assertThat(lines("gradwatch_run_loss")).hasSize(2);
        now.set(reading(run("stays", 2.25f), run("begins", 4.5f)));
        assertThat(lines("gradwatch_run_"))
                .noneMatch(line -> line.contains("\"ends\""))
                .contains("gradwatch_run_loss{run=\"stays\"} 2.25", "gradwatch_run_loss{run=\"begins\"} 4.5");
        now.set(reading());
        assertThat(lines("gradwatch_run_")).isEmpty();
    }

    @Test
    void bucketsOfFrameLatencyAddUp() {
        for (long ms : new long[] {-3, 5, 6, 700, 99_000}) {
            metrics.frameSent(ms);
        }
        assertThat(metrics.scrape())
                .contains(
                        "# TYPE gradwatch_frame_latency_seconds histogram\n",
                        "gradwatch_frame_latency_seconds_bucket{le=\"0.005\"} 2\n",
                        "gradwatch_frame_latency_seconds_bucket{le=\"0.01\"} 3\n",
                        "gradwatch_frame_latency_seconds_bucket{le=\"0.5\"} 3\n",
                        "gradwatch_frame_latency_seconds_bucket{le=\"1.0\"} 4\n",
                        "gradwatch_frame_latency_seconds_bucket{le=\"10.0\"} 4\n",
                        "gradwatch_frame_latency_seconds_bucket{le=\"+Inf\"} 5\n",
                        "gradwatch_frame_latency_seconds_sum 99.711\n",
                        "gradwatch_frame_latency_seconds_count 5\n");
    }

    @Test
    void tellsOfTheJvm() {
        assertThat(metrics.scrape())
                .contains(
                        "\ngradwatch_heap_bytes ",
                        "\ngradwatch_heap_max_bytes ",
                        "\ngradwatch_uptime_seconds_total ",
                        "jvm_memory_used_bytes{area=\"heap\"",
                        "jvm_memory_max_bytes{area=\"heap\"",
                        "jvm_threads_live_threads ",
                        "jvm_gc_memory_allocated_bytes_total ",
                        "process_cpu_usage ",
                        "process_uptime_seconds ",
                        "process_files_open_files ",
                        "logback_events_total{level=\"error\"}");
    }
}
