package io.gradwatch.experiments.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint that nothing can be taken from: the message names the file and what is wrong with it. */
public final class DamagedCheckpointException extends IOException {
    private final Path file;

    DamagedCheckpointException(Path file, String what) {
        super(file + " cannot be used: " + what);
        this.file = file;
    }

    DamagedCheckpointException(Path file, String what, Throwable cause) {
        super(file + " cannot be used: " + what, cause);
        this.file = file;
    }

    /** The file. */
    public Path file() {
        return file;
    }
}
