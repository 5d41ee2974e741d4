package io.gradwatch.telemetry.rules.user;

/** A value that cannot be read; its message says what is wrong with it and what is accepted. */
final class BadText extends Exception {
    private static final long serialVersionUID = 1;

    BadText(String message) {
        super(message, null, false, false);
    }
}
