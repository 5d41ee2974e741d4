package io.gradwatch.telemetry.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters of the service and of its JVM: a page for Prometheus, and, where that was asked for, exports by OTLP.
 *
 * <p>What the service counts anyway is not counted a second time: it is read anew before each page and each export, at most
 * one at a time. Any thread.
 */
public final class ServiceMetrics implements AutoCloseable {
    /** Media type of the page. */
    public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** Upper ends of the buckets of frame latency, milliseconds; beyond the last one there is another. */
    private static final long[] LATENCY_MS = {5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000};

    private static final Logger LOG = LoggerFactory.getLogger(ServiceMetrics.class);

    /** The last export, when the service ends, must not keep it longer: its end is waited for by others. */
    private static final Duration LAST_EXPORT = Duration.ofSeconds(2);

    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CompositeMeterRegistry registry = new CompositeMeterRegistry(Clock.SYSTEM, List.of(prometheus));
    private final Optional<OtlpConfig> otlp;
    private final Timer frameLatency;
    private final RunGauges runs = new RunGauges(registry);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final LogbackMetrics logged = new LogbackMetrics();
    private volatile Reading reading = Reading.NOTHING;
    private @Nullable Supplier<Reading> source; // guarded by this

    /**
     * Meters, of which the JVM's own are read at once.
     *
     * @param otlp where to export to; empty: nothing leaves this process but the page
     */
    public ServiceMetrics(Optional<OtlpConfig> otlp) {
        this.otlp = otlp;
        frameLatency = Timer.builder("gradwatch.frame.latency")
                .description("From the trainer's stamp of a point to the frame that brings it; both clocks matter.")
                .serviceLevelObjectives(
                        LongStream.of(LATENCY_MS).mapToObj(Duration::ofMillis).toArray(Duration[]::new))
                .register(registry);
        ofTheService();
        ofTheJvm();
    }

    /**
     * From now on the service's own figures are there, and exports begin.
     *
     * @param source may block; never asked by two threads at once
     */
    public synchronized void start(Supplier<Reading> source) {
        this.source = source;
        otlp.ifPresent(config -> {
            registry.add(new Exporter(config));
            LOG.info(
                    "Metrics are exported to {} every {} s",
                    config.url(),
                    config.step().toMillis() / 1e3);
        });
    }

    /** One number more, asked for at each page and export; it must not block. */
    public void gauge(String name, String help, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(help)
                .strongReference(true)
                .register(registry);
    }

    /** The page for Prometheus; blocks as long as the source does. */
    public synchronized String scrape() {
        refresh();
        return prometheus.scrape();
    }

    /** Counts a frame. What a clock that runs behind makes negative counts as 0. */
    public void frameSent(long ageMs) {
        frameLatency.record(Math.max(0, ageMs), TimeUnit.MILLISECONDS);
    }

    private synchronized void refresh() {
        Supplier<Reading> current = source;
        if (current != null) {
            reading = current.get();
            runs.show(reading.runs());
        }
    }

    private void ofTheService() {
        counter("gradwatch.ingest.records", "Records read from Kafka.", Reading::records);
        counter("gradwatch.ingest.iterations", "Iterations among them.", Reading::iterations);
        counter("gradwatch.ingest.malformed", "Records that could not be read.", Reading::malformed);
        counter("gradwatch.ingest.unknown", "Records of a type that is not known.", Reading::unknown);
        counter("gradwatch.ingest.lost", "Records that Kafka had deleted before they were read.", Reading::lost);
        gauge("gradwatch.ingest.lag", "records", "Records in Kafka that have not been read yet.", Reading::lag);
        gauge("gradwatch.kafka.connected", null, "1 while Kafka answers.", r -> r.connected() ? 1 : 0);
        gauge(
                "gradwatch.history.writable",
                null,
                "0 while history cannot be written, as on a full disk.",
                r -> r.writable() ? 1 : 0);
        FunctionCounter.builder("gradwatch.rules", this, of(Reading::ruleSeconds))
                .description("Time spent judging, since reading last began.")
                .baseUnit("seconds")
                .register(registry);
        gauge("gradwatch.history.bytes", "bytes", "Size of the history file.", Reading::historyBytes);
        gauge("gradwatch.history.iterations", null, "Iterations in history.", Reading::historyIterations);
        gauge("gradwatch.viewers", null, "Open live connections.", Reading::viewers);
        Runtime runtime = Runtime.getRuntime();
        gauge(
                "gradwatch.heap.bytes",
                "bytes",
                "Heap in use.",
                r -> runtime.totalMemory() - (double) runtime.freeMemory());
        gauge("gradwatch.heap.max.bytes", "bytes", "Heap at most.", r -> runtime.maxMemory());
        FunctionCounter.builder(
                        "gradwatch.uptime", ManagementFactory.getRuntimeMXBean(), process -> process.getUptime() / 1e3)
                .description("Since the process began.")
                .baseUnit("seconds")
                .register(registry);
    }

    private void ofTheJvm() {
        new JvmInfoMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        logged.bindTo(registry);
    }

    private void counter(String name, String help, ToDoubleFunction<Reading> value) {
        FunctionCounter.builder(name, this, of(value)).description(help).register(registry);
    }

    private void gauge(String name, @Nullable String unit, String help, ToDoubleFunction<Reading> value) {
        Gauge.builder(name, this, of(value)).description(help).baseUnit(unit).register(registry);
    }

    private static ToDoubleFunction<ServiceMetrics> of(ToDoubleFunction<Reading> value) {
        return metrics -> value.applyAsDouble(metrics.reading);
    }

    /** Exports a last time, if that goes quickly, and never again. */
    @Override
    public void close() {
        collections.close();
        logged.close();
        Thread last = new Thread(registry::close, "last-export");
        last.setDaemon(true);
        last.start();
        try {
            last.join(LAST_EXPORT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Exporter extends OtlpMeterRegistry {
        Exporter(OtlpConfig config) {
            super(config, Clock.SYSTEM);
        }

        @Override
        protected void publish() {
            refresh();
            super.publish();
        }
    }
}
