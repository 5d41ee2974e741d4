package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.data.DataException;
import io.gradwatch.experiments.gpu.UnusableBackendException;
import io.gradwatch.experiments.run.Provenance;
import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command that the others are parts of. */
@Command(
        name = "gradwatch",
        mixinStandardHelpOptions = true,
        versionProvider = TrainerCommand.Version.class,
        description = "Train the networks of \"An analysis on very deep CNNs\" and watch their gradients.",
        subcommands = {TrainCommand.class, Table1Command.class, DataCommand.class, PresetsCommand.class})
public final class TrainerCommand implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainerCommand.class);
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    private TrainerCommand() {}

    /**
     * Does what {@code arguments} say.
     *
     * @param out for what was asked for
     * @param err for what went wrong
     * @return exit code: 0 done, 1 failed, 2 bad usage
     */
    public static int execute(String[] arguments, PrintWriter out, PrintWriter err) {
        CommandLine command = new CommandLine(new TrainerCommand());
        command.setOut(out);
        command.setErr(err);
        command.setExecutionExceptionHandler((failure, line, parsed) -> explain(failure, line));
        command.setParameterExceptionHandler((failure, given) -> explainUsage(failure));
        return command.execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: accepted are "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    private static int explainUsage(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("error: " + failure.getMessage());
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("`" + command.getCommandSpec().qualifiedName() + " --help` tells all that is accepted");
        err.flush();
        return BAD_USAGE;
    }

    private static int explain(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        if (failure instanceof UsageException usage) {
            usage.problems().forEach(problem -> err.println("error: " + problem));
            err.println("`" + command.getCommandSpec().qualifiedName() + " --help` tells all that is accepted");
            err.flush();
            return BAD_USAGE;
        }
        if (failure instanceof UnusableBackendException) {
            err.println("error: " + failure.getMessage());
            err.flush();
            return BAD_USAGE;
        }
        err.println("error: " + (failure.getMessage() == null ? failure : failure.getMessage()));
        err.flush();
        if (!(failure instanceof DataException)) {
            LOG.error("command failed", failure);
        }
        return FAILED;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Gradwatch " + Provenance.gradwatch()};
        }
    }
}
