package io.gradwatch.launcher.session;

import java.util.Map;

/** Exit codes in words. */
final class Endings {
    private static final Map<Integer, String> SIGNALS = Map.of(
            130, "was interrupted", 137, "was killed (SIGKILL)", 143, "was terminated (SIGTERM)", 134, "crashed");

    private Endings() {}

    /** Continues a sentence that begins with what ended. */
    static String describe(int exitCode) {
        return SIGNALS.getOrDefault(exitCode, "ended with exit code " + exitCode);
    }
}
