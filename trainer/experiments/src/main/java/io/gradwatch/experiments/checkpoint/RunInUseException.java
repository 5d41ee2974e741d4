package io.gradwatch.experiments.checkpoint;

import java.io.IOException;

/** A run that is being trained already: the message names the process. */
public final class RunInUseException extends IOException {
    RunInUseException(String message) {
        super(message);
    }
}
