package io.gradwatch.telemetry.ingest;

/** History comes from another Kafka cluster: its offsets mean nothing here. A person has to decide. */
final class WrongClusterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongClusterException(String message) {
        super(message);
    }
}
