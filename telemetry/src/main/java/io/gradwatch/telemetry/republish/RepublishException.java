package io.gradwatch.telemetry.republish;

/** Records cannot be read or sent; the message is for a person. */
public final class RepublishException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RepublishException(String message) {
        super(message);
    }

    RepublishException(String message, Throwable cause) {
        super(message, cause);
    }
}
