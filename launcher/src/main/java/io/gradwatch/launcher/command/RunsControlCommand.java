package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradwatch.launcher.session.ServiceApi;
import io.gradwatch.launcher.terminal.Problem;
import io.gradwatch.launcher.terminal.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch runs pause}, {@code resume}, {@code stop}, {@code checkpoint} and {@code lr}: what a trainer is told. */
abstract class RunsControlCommand implements Callable<Integer> {
    private static final String FOOTER = "%nExit codes: 0 done (or sent, with --no-wait), 1 refused or not answered in"
            + " time, 2 not sent because of what was asked.";
    private static final long EVERY_MS = 100;
    /** An answer may be under way when the time is over. */
    private static final int GRACE_SECONDS = 2;

    private final Context context;
    private final String action;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN", description = "Its id, as 'gradwatch runs list' prints it.")
    private String id = "";

    @Option(
            names = "--wait",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Wait for the trainer's answer and print it (default), or not.")
    private boolean wait = true;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "The trainer has so long to obey: 1 to 3600. Default: ${DEFAULT-VALUE}.")
    private int timeout = 30;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for those who look at the run later.")
    private @Nullable String reason;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    private RunsControlCommand(Context context, String action) {
        this.context = context;
        this.action = action;
    }

    @Command(name = "pause", description = "Hold a run's training until it is resumed.", footer = FOOTER)
    private static final class Pause extends RunsControlCommand {
        Pause(Context context) {
            super(context, "pause");
        }
    }

    @Command(name = "resume", description = "Let a paused run go on.", footer = FOOTER)
    private static final class Resume extends RunsControlCommand {
        Resume(Context context) {
            super(context, "resume");
        }
    }

    @Command(
            name = "stop",
            description = "End a run after its present iteration; 'gradwatch train --resume' goes on with it.",
            footer = FOOTER)
    private static final class Stop extends RunsControlCommand {
        Stop(Context context) {
            super(context, "stop");
        }
    }

    @Command(name = "checkpoint", description = "Write a checkpoint of a run now, and keep it.", footer = FOOTER)
    private static final class Checkpoint extends RunsControlCommand {
        Checkpoint(Context context) {
            super(context, "checkpoint");
        }
    }

    @Command(
            name = "lr",
            description = "Set the learning rate of a run, in place of its schedule, from the next iteration on.",
            footer = FOOTER)
    private static final class LearningRate extends RunsControlCommand {
        @Parameters(
                index = "1",
                paramLabel = "RATE",
                description = "The new learning rate: a number above 0; or x and a factor: x0.1.")
        private String rate = "";

        LearningRate(Context context) {
            super(context, "learning_rate");
        }

        @Override
        void describe(ObjectNode request, CommandLine line) {
            boolean factor = rate.matches("[x×*].*");
            try {
                double value = Double.parseDouble(factor ? rate.substring(1) : rate);
                if (value > 0 && Double.isFinite(value)) {
                    request.put(factor ? "factor" : "learningRate", value);
                    return;
                }
            } catch (NumberFormatException e) {
                // told below
            }
            throw new ParameterException(
                    line, "RATE is \"" + rate + "\"; accepted is a number above 0, or a factor above 0: x0.1");
        }
    }

    /** Adds all of them to {@code runs}. */
    static void addTo(CommandLine runs, Context context) {
        for (RunsControlCommand command : new RunsControlCommand[] {
            new Pause(context),
            new Resume(context),
            new Stop(context),
            new Checkpoint(context),
            new LearningRate(context)
        }) {
            CommandLine line = new CommandLine(command);
            line.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new Version());
            runs.addSubcommand(line);
        }
    }

    /** Adds what the action needs. */
    void describe(ObjectNode request, CommandLine line) {}

    @Override
    public Integer call() {
        if (timeout < 1 || timeout > 3600) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout is " + timeout + "; accepted is a whole number from 1 to 3600");
        }
        ObjectNode request = JsonNodeFactory.instance
                .objectNode()
                .put("action", action)
                .put("timeoutSeconds", timeout)
                .put("issuedBy", "./gradwatch runs");
        if (reason != null) {
            request.put("reason", reason);
        }
        describe(request, spec.commandLine());
        ServiceApi service = RunsApi.of(context, dataDir);
        String command = service.command(id, request).path("id").asText();
        if (!wait) {
            context.terminal().line("sent");
            return 0;
        }
        return report(await(service, command));
    }

    /** The command with its answer, or without one when its time is over. */
    private JsonNode await(ServiceApi service, String command) {
        Terminal terminal = context.terminal();
        terminal.progress("waiting for the trainer …");
        long deadline = System.nanoTime() + (timeout + GRACE_SECONDS) * 1_000_000_000L;
        JsonNode found = JsonNodeFactory.instance.objectNode();
        do {
            rest();
            for (JsonNode one : service.commands(id)) {
                if (one.path("id").asText().equals(command)) {
                    found = one;
                }
            }
            String state = found.path("state").asText();
            if (state.equals("applied") || state.equals("refused")) {
                break;
            }
        } while (System.nanoTime() < deadline);
        terminal.endProgress();
        return found;
    }

    private int report(JsonNode command) {
        Terminal terminal = context.terminal();
        String answer = command.path("answer").asText("");
        switch (command.path("state").asText()) {
            case "applied" -> {
                terminal.line("applied at iteration "
                        + command.path("iteration").asText() + (answer.isEmpty() ? "" : ": " + answer));
                return 0;
            }
            case "refused" -> throw Problem.failure("refused: " + answer);
            default ->
                throw Problem.failure("timed out after " + timeout + " s: the trainer did not answer; is it alive?");
        }
    }

    private static void rest() {
        try {
            Thread.sleep(EVERY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failure("Interrupted");
        }
    }
}
