package io.gradwatch.launcher.session;

import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.process.Output;
import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Looks for mistakes in a rule file, in a process of its own that writes to this terminal. Blocks the caller. */
public final class RuleCheck {
    private static final String TOOL = "io.gradwatch.telemetry.RulesTool";
    private static final Duration GRACE = Duration.ofSeconds(5);

    private RuleCheck() {}

    /**
     * Does it.
     *
     * @return 0 no mistakes, 1 some, 2 no such file
     */
    public static int run(Installation installation, DataDirectory directory, Path file) {
        try {
            ChildProcess tool = ChildProcess.start(
                    JavaProgram.of(TOOL, installation.service().classPath())
                            .withJvmArguments(Jvm.common(directory))
                            .withJvmArguments(List.of("-Xmx128m"))
                            .withArguments(List.of(file.toString())),
                    new Output.Inherited());
            try {
                return tool.exit().join();
            } finally {
                tool.stop(GRACE);
            }
        } catch (IOException e) {
            throw Problem.failure("The file cannot be checked: " + e.getMessage());
        }
    }
}
