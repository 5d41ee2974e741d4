package io.gradwatch.telemetry.tensorboard;

/** An event file cannot be read from some place on. The message names the file, the record's offset and what is wrong. */
final class DamagedEventFileException extends Exception {
    private static final long serialVersionUID = 1;

    DamagedEventFileException(String message) {
        super(message);
    }

    DamagedEventFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
