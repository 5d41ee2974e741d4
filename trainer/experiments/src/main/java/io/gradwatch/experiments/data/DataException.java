package io.gradwatch.experiments.data;

import java.io.IOException;

/** Data that cannot be used or had: the message names the file or address, what is wrong, and what is accepted. */
public final class DataException extends IOException {
    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
