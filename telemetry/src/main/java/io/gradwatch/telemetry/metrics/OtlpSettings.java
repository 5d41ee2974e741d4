package io.gradwatch.telemetry.metrics;

import io.micrometer.core.instrument.config.validate.ValidationException;
import io.micrometer.registry.otlp.OtlpConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether and where metrics are exported, as OpenTelemetry's standard variables say. Unlike theirs, our default is not to:
 * without an endpoint nothing leaves this machine. Their values are read by Micrometer.
 */
public final class OtlpSettings {
    private static final List<String> ENDPOINTS =
            List.of("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT");
    private static final List<String> PROTOCOLS =
            List.of("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL");
    private static final String PROTOCOL = "http/protobuf";

    private OtlpSettings() {}

    /**
     * Reads them.
     *
     * @param environment of this process
     * @return empty: nothing is exported
     * @throws IllegalArgumentException when one cannot be used; tells which, and what is accepted
     */
    public static Optional<OtlpConfig> of(Map<String, String> environment) {
        boolean off = "true".equalsIgnoreCase(environment.get("OTEL_SDK_DISABLED"))
                || "none".equalsIgnoreCase(environment.get("OTEL_METRICS_EXPORTER"));
        if (off || first(environment, ENDPOINTS).isEmpty()) {
            return Optional.empty();
        }
        first(environment, PROTOCOLS)
                .filter(name -> !PROTOCOL.equals(environment.get(name)))
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            name + " is \"" + environment.get(name) + "\"; accepted is " + PROTOCOL);
                });
        OtlpConfig config = new FromEnvironment();
        try {
            config.requireValid();
            config.headers();
            config.step();
        } catch (ValidationException | IllegalArgumentException e) {
            throw new IllegalArgumentException("the OTEL_… variables cannot be used: " + e.getMessage(), e);
        }
        return Optional.of(config);
    }

    private static Optional<String> first(Map<String, String> environment, List<String> names) {
        return names.stream()
                .filter(name -> !environment.getOrDefault(name, "").isBlank())
                .findFirst();
    }

    private static final class FromEnvironment implements OtlpConfig {
        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public Map<String, String> resourceAttributes() {
            Map<String, String> attributes = new LinkedHashMap<>(OtlpConfig.super.resourceAttributes());
            attributes.putIfAbsent("service.name", "gradwatch");
            return attributes;
        }
    }
}
