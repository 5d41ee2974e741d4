package io.gradwatch.launcher.command;

import java.util.List;
import picocli.CommandLine.Command;

/** {@code gradwatch table1}: the trainer's command of that name, with a dashboard beside it as {@code train} has. */
@Command(name = "table1", description = "Train the paper's Table 1, resumably, and show it beside the paper's figures.")
final class Table1Command extends TrainCommand {
    Table1Command(Context context) {
        super(context, "table1");
    }

    @Override
    boolean trains(List<String> arguments) {
        return super.trains(arguments) && !arguments.contains("--report") && !arguments.contains("--dry-run");
    }
}
