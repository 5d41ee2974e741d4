package io.gradwatch.launcher.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradwatch alerts}: what the rules say, and would say. */
@Command(
        name = "alerts",
        description =
                "Show alerts, say that you have seen them, silence them, check their rules and try them on recorded runs, and test who is told.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
final class AlertsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    private AlertsCommand() {}

    /** The command with its subcommands. */
    static CommandLine of(Context context) {
        return new CommandLine(new AlertsCommand())
                .addSubcommand(new AlertsListCommand(context))
                .addSubcommand(new AlertsAcknowledgeCommand(context))
                .addSubcommand(new AlertsSilenceCommand(context))
                .addSubcommand(new AlertsBacktestCommand(context))
                .addSubcommand(new AlertsRulesCommand(context))
                .addSubcommand(new AlertsNotificationsCommand(context))
                .addSubcommand(new AlertsTestCommand(context));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Missing command: 'list', 'acknowledge', 'silence', 'backtest', 'rules', 'notifications' or 'test'");
    }
}
