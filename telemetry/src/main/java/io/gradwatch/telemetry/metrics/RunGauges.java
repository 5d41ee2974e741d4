package io.gradwatch.telemetry.metrics;

import io.gradwatch.telemetry.metrics.Reading.OfRun;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A series for each figure of each run that is shown now; those of other runs are gone. */
final class RunGauges {
    private final MeterRegistry registry;
    private final Map<MultiGauge, Function<OfRun, @Nullable Number>> gauges = new LinkedHashMap<>();

    RunGauges(MeterRegistry registry) {
        this.registry = registry;
        gauge("iteration", "Newest iteration of a run that goes on.", OfRun::iteration);
        gauge("loss", "Its loss.", OfRun::loss);
        gauge("accuracy", "Its accuracy, of the batch.", OfRun::accuracy);
        gauge("learning.rate", "Its learning rate.", OfRun::learningRate);
        gauge("dropped.records", "Records that its trainer could not send.", OfRun::dropped);
        gauge("firing.alerts", "Its alerts that fire.", OfRun::firingAlerts);
    }

    private void gauge(String name, String help, Function<OfRun, @Nullable Number> value) {
        gauges.put(MultiGauge.builder("gradwatch.run." + name).description(help).register(registry), value);
    }

    void show(List<OfRun> runs) {
        gauges.forEach((gauge, value) -> gauge.register(rows(runs, value), true));
    }

    private static List<Row<?>> rows(List<OfRun> runs, Function<OfRun, @Nullable Number> value) {
        List<Row<?>> rows = new ArrayList<>();
        for (OfRun run : runs) {
            Number number = value.apply(run);
            if (number != null) {
                rows.add(Row.of(Tags.of("run", run.id()), number));
            }
        }
        return rows;
    }
}
