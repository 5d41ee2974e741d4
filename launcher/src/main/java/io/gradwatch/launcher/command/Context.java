package io.gradwatch.launcher.command;

import io.gradwatch.launcher.process.JavaProgram;
import io.gradwatch.launcher.session.Compute;
import io.gradwatch.launcher.session.Installation;
import io.gradwatch.launcher.terminal.Terminal;
import java.util.Map;

/**
 * What every command works with.
 *
 * @param environment variables of this process
 */
public record Context(Installation installation, Terminal terminal, Map<String, String> environment) {
    public Context {
        environment = Map.copyOf(environment);
    }

    /** Name of the person who is logged in, for others to see. */
    static String user() {
        String name = System.getProperty("user.name", "").strip();
        return name.isEmpty() ? "the command line" : name.substring(0, Math.min(100, name.length()));
    }

    /** The trainer, for what the environment says that it shall compute on. */
    JavaProgram trainer() {
        return installation.trainer(Compute.of(environment));
    }
}
