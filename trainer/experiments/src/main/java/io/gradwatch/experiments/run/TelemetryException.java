package io.gradwatch.experiments.run;

/** Telemetry that cannot be started with its settings: the message names the one that is wrong. */
public final class TelemetryException extends RuntimeException {
    TelemetryException(String message, Throwable cause) {
        super(message, cause);
    }
}
