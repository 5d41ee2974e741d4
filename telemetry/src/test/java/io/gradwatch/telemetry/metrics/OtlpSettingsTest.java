package io.gradwatch.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether anything is exported; what is exported is tested with a real process and a real receiver. */
class OtlpSettingsTest {
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String HERE = "http://127.0.0.1:4318";

    @Test
    void nothingIsExportedUnlessAnEndpointIsNamed() {
        assertThat(OtlpSettings.of(Map.of())).isEmpty();
        assertThat(OtlpSettings.of(Map.of("OTEL_SERVICE_NAME", "gradwatch", ENDPOINT, " ")))
                .isEmpty();
        assertThat(OtlpSettings.of(Map.of(ENDPOINT, HERE))).isPresent();
        assertThat(OtlpSettings.of(Map.of("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", HERE + "/v1/metrics")))
                .isPresent();
    }

    @Test
    void isSwitchedOffByTheStandardVariables() {
        assertThat(OtlpSettings.of(Map.of(ENDPOINT, HERE, "OTEL_SDK_DISABLED", "true")))
                .isEmpty();
        assertThat(OtlpSettings.of(Map.of(ENDPOINT, HERE, "OTEL_METRICS_EXPORTER", "none")))
                .isEmpty();
    }

    @Test
    void namesAProtocolThatItDoesNotSpeak() {
        assertThatThrownBy(() -> OtlpSettings.of(Map.of(ENDPOINT, HERE, "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("OTEL_EXPORTER_OTLP_PROTOCOL is \"grpc\"; accepted is http/protobuf");
        assertThat(OtlpSettings.of(Map.of(
                        ENDPOINT,
                        HERE,
                        "OTEL_EXPORTER_OTLP_PROTOCOL",
                        "grpc",
                        "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
                        "http/protobuf")))
                .isPresent();
    }
}
