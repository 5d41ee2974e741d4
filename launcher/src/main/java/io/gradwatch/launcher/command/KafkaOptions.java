package io.gradwatch.launcher.command;

import io.gradwatch.launcher.broker.KafkaAddress;
import io.gradwatch.launcher.terminal.Problem;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --kafka} and {@code --kafka-config}, and {@code GRADWATCH_KAFKA} for want of both. */
final class KafkaOptions {
    private static final String VARIABLE = "GRADWATCH_KAFKA";

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Use this Kafka instead of an embedded broker. Default: $GRADWATCH_KAFKA.")
    private @Nullable String bootstrap;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Properties file with Kafka client settings (security, for one).")
    private @Nullable Path configuration;

    /** Whether telemetry is to go nowhere, which only a trainer can do. */
    boolean none(Map<String, String> environment) {
        return "none".equals(wanted(environment));
    }

    /**
     * The Kafka that is asked for, by option or else by {@code GRADWATCH_KAFKA}; null for the embedded one.
     *
     * @throws Problem the address or the file cannot be used
     */
    @Nullable
    KafkaAddress elsewhere(Map<String, String> environment) {
        String wanted = wanted(environment);
        return wanted == null && configuration == null ? null : KafkaAddress.of(wanted, configuration);
    }

    /** A configuration file names its own address, which goes before the environment's. */
    private @Nullable String wanted(Map<String, String> environment) {
        if (bootstrap != null || configuration != null) {
            return bootstrap;
        }
        String inherited = environment.getOrDefault(VARIABLE, "").strip();
        if (inherited.isEmpty() || inherited.equals("none")) {
            return inherited.isEmpty() ? null : inherited;
        }
        if (!KafkaAddress.isWellFormed(inherited)) {
            throw Problem.usage(
                    VARIABLE + " is \"" + inherited + "\"; accepted is HOST:PORT, or several with commas between them");
        }
        return inherited;
    }
}
