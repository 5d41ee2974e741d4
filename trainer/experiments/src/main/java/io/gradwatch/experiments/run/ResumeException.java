package io.gradwatch.experiments.run;

import java.io.IOException;

/** A run that cannot go on as asked: the message says why, and what is accepted. */
public final class ResumeException extends IOException {
    public ResumeException(String message) {
        super(message);
    }

    public ResumeException(String message, Throwable cause) {
        super(message, cause);
    }
}
