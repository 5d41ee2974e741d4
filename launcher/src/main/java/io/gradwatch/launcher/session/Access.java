package io.gradwatch.launcher.session;

import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.process.Output;
import io.gradwatch.launcher.terminal.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Gives tokens and takes them back, in a process of its own that writes to this terminal. Blocks the caller. */
public final class Access {
    private static final String TOOL = "io.gradwatch.telemetry.AccessTool";
    private static final Duration GRACE = Duration.ofSeconds(5);

    private Access() {}

    /**
     * Does it.
     *
     * @param what {@code add NAME ROLE}, {@code list} or {@code remove NAME}
     * @return 0 done, 1 the file cannot be used, 2 bad usage
     */
    public static int run(Installation installation, DataDirectory directory, String... what) {
        directory.prepare();
        List<String> arguments = new ArrayList<>(List.of(directory.root().toString()));
        arguments.addAll(List.of(what));
        try {
            ChildProcess tool = ChildProcess.start(
                    JavaProgram.of(TOOL, installation.service().classPath())
                            .withJvmArguments(Jvm.common(directory))
                            .withJvmArguments(List.of("-Xmx64m"))
                            .withArguments(arguments),
                    new Output.Inherited());
            try {
                return tool.exit().join();
            } finally {
                tool.stop(GRACE);
            }
        } catch (IOException e) {
            throw Problem.failure("The tokens cannot be read: " + e.getMessage());
        }
    }
}
