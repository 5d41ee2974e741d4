package io.gradwatch.launcher.session;

import io.gradwatch.launcher.terminal.Problem;
import java.util.Map;

/** What a trainer computes on. */
public enum Compute {
    CPU,
    /** An NVIDIA GPU; its libraries are an addition to the build, see docs/cuda.md. */
    CUDA;

    /** Environment variable that names it, for this process and for its trainers. */
    public static final String VARIABLE = "GRADWATCH_BACKEND";

    /**
     * What the environment names, the CPU if it names nothing.
     *
     * @throws Problem it names something else
     */
    public static Compute of(Map<String, String> environment) {
        return parse(VARIABLE, environment.getOrDefault(VARIABLE, CPU.text()));
    }

    /**
     * Reads what the user wrote.
     *
     * @param where the option or variable that it was written for
     * @throws Problem it is neither "cpu" nor "cuda"
     */
    public static Compute parse(String where, String text) {
        for (Compute compute : values()) {
            if (compute.text().equals(text)) {
                return compute;
            }
        }
        throw Problem.usage(where + " is \"" + text + "\"; accepted are cpu and cuda");
    }

    /** As it is written on a command line. */
    public String text() {
        return this == CPU ? "cpu" : "cuda";
    }
}
