package io.gradwatch.launcher.command;

import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** {@code gradwatch}: all commands. */
@Command(
        name = "gradwatch",
        description = "Watch deep networks train, live, and learn at once when the gradient vanishes.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Everything is kept in the data directory: --data-dir DIR, else GRADWATCH_HOME, else ~/.gradwatch.",
            "gradwatch COMMAND --help explains a command. Exit codes: 0 ok, 1 failed, 2 bad usage."
        })
public final class GradwatchCommand {
    private GradwatchCommand() {}

    /** Runs a command line and returns the exit code; everything that it started has ended by then. */
    public static int execute(Context context, String... arguments) {
        Terminal terminal = context.terminal();
        CommandLine line = new CommandLine(new GradwatchCommand());
        line.addSubcommand(new DemoCommand(context));
        line.addSubcommand(new UpCommand(context));
        line.addSubcommand(new TrainCommand(context));
        line.addSubcommand(new Table1Command(context));
        CommandLine runs = RunsCommand.of(context);
        runs.addSubcommand(new RunsExportCommand(context));
        runs.addSubcommand(new RunsImportCommand(context));
        runs.addSubcommand(new RunsArchiveCommand(context));
        runs.addSubcommand(new RunsDeleteCommand(context));
        line.addSubcommand(runs);
        line.addSubcommand(AlertsCommand.of(context));
        line.addSubcommand(new AccessCommand(context));
        line.addSubcommand(new DoctorCommand(context));
        line.addSubcommand(new HistoryCommand(context));
        line.addSubcommand(new ReplayCommand(context));
        line.addSubcommand(new DataCommand(context));
        line.addSubcommand(new PresetsCommand(context));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.coloured() ? Ansi.ON : Ansi.OFF));
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((e, args) -> {
            String command = e.getCommandLine().getCommandSpec().qualifiedName();
            terminal.problem(e.getMessage() + "\nTry '" + command + " --help'");
            return 2;
        });
        line.setExecutionExceptionHandler((e, command, result) -> {
            if (e instanceof Problem problem) {
                terminal.problem(String.valueOf(problem.getMessage()));
                return problem.exitCode();
            }
            terminal.problem("unexpected " + e.getClass().getName() + ": " + e.getMessage()
                    + "\nGRADWATCH_DEBUG=1 shows where; please report it");
            if (context.environment().containsKey("GRADWATCH_DEBUG")) {
                throw e;
            }
            return 1;
        });
        if (arguments.length == 0) {
            line.usage(line.getOut());
            return 2;
        }
        return line.execute(arguments);
    }
}
