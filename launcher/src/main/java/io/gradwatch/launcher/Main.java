package io.gradwatch.launcher;

import io.gradwatch.launcher.command.Context;
import io.gradwatch.launcher.command.GradwatchCommand;
import io.gradwatch.launcher.session.Installation;
import io.gradwatch.launcher.terminal.Terminal;
import java.nio.file.Path;

/** {@code ./gradwatch}. The start script names the top folder in {@code gradwatch.root}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Installation installation = Installation.inWorkingTree(
                Path.of(System.getProperty("gradwatch.root", "")).toAbsolutePath());
        Terminal terminal = Terminal.ofProcess(System.getenv());
        System.exit(GradwatchCommand.execute(new Context(installation, terminal, System.getenv()), arguments));
    }
}
