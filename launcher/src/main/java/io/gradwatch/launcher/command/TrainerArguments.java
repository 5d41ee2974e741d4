package io.gradwatch.launcher.command;

import java.util.ArrayList;
import java.util.List;

/** Command lines for the trainer, which shows its own help and refuses what it does not know. */
final class TrainerArguments {
    private TrainerArguments() {}

    static List<String> of(String command, List<String> rest) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(rest);
        return arguments;
    }

    static boolean asksForHelp(List<String> arguments) {
        return arguments.contains("--help") || arguments.contains("-h");
    }
}
