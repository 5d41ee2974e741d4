package io.gradwatch.launcher.command;

import io.gradwatch.launcher.session.Access;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch access}: who may use the dashboard and the API, and for what. */
@Command(
        name = "access",
        description = "Give people tokens for the dashboard and the API, show who has one, and take them back.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Once somebody has a token, nobody gets in without one. A service that runs takes a change in within a"
                    + " second."
        })
final class AccessCommand implements Runnable {
    private final Context context;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    AccessCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: 'add', 'list' or 'remove'");
    }

    @Command(
            name = "add",
            description = "Make a token for somebody and print it, once: only its hash is kept.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int add(
            @Parameters(paramLabel = "NAME", description = "Who gets it; stands in the audit records.") String name,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            required = true,
                            description = "viewer: reads. operator: also commands trainers, tags and notes runs,"
                                    + " acknowledges and silences alerts. admin: also deletes, imports, changes"
                                    + " rules and notifications.")
                    String role,
            @Mixin DataDirOption dataDir) {
        if (!role.matches("viewer|operator|admin")) {
            throw new ParameterException(
                    spec.commandLine().getSubcommands().get("add"),
                    "--role is \"" + role + "\"; accepted is viewer, operator or admin");
        }
        return Access.run(context.installation(), dataDir.meant(context.environment()), "add", name, role);
    }

    @Command(
            name = "list",
            description = "Show who has a token, and of which role.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int list(@Mixin DataDirOption dataDir) {
        return Access.run(context.installation(), dataDir.meant(context.environment()), "list");
    }

    @Command(
            name = "remove",
            description = "Take somebody's token back; open pages of theirs are shut.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int remove(
            @Parameters(paramLabel = "NAME", description = "As 'gradwatch access list' shows it.") String name,
            @Mixin DataDirOption dataDir) {
        return Access.run(context.installation(), dataDir.meant(context.environment()), "remove", name);
    }
}
