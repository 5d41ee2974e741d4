package io.gradwatch.launcher.command;

import io.gradwatch.launcher.session.Compute;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --backend}, for the commands that train. */
final class ComputeOption {
    @Option(
            names = "--backend",
            paramLabel = "cpu|cuda",
            description = "What computes: the processors, or an NVIDIA GPU (default: $GRADWATCH_BACKEND, else cpu).")
    private @Nullable String backend;

    /** The context in which trainers compute on what the user wants. */
    Context in(Context context) {
        if (backend == null) {
            Compute.of(context.environment()); // is it one?
            return context;
        }
        Map<String, String> environment = new HashMap<>(context.environment());
        environment.put(Compute.VARIABLE, Compute.parse("--backend", backend).text());
        return new Context(context.installation(), context.terminal(), environment);
    }
}
