package io.gradwatch.launcher.command;

import io.gradwatch.launcher.broker.KafkaAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --kafka} and {@code --kafka-config}. */
final class KafkaOptions {
    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Use this Kafka instead of an embedded broker.")
    private @Nullable String bootstrap;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Properties file with Kafka client settings (security, for one).")
    private @Nullable Path configuration;

    /** Whether telemetry is to go nowhere, which only a trainer can do. */
    boolean none() {
        return "none".equals(bootstrap);
    }

    /** The Kafka that is asked for; null for the embedded one. */
    @Nullable
    KafkaAddress elsewhere() {
        return bootstrap == null && configuration == null ? null : KafkaAddress.of(bootstrap, configuration);
    }
}
