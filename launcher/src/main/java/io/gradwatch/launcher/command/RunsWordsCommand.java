package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradwatch runs tag} and {@code runs label}: words of a run, added by +, taken away by -. */
abstract class RunsWordsCommand implements Callable<Integer> {
    private final Context context;
    private final String field;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ID", description = "Its id, as 'gradwatch runs list' prints it.")
    private String id = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "+WORD|-WORD",
            description = "A word to add, or one to take away; without a sign it is added.")
    private List<String> words = new ArrayList<>();

    // no short -h: it could not be told from taking away a word with an h
    @Option(names = "--help", usageHelp = true, description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli asks the option
    private boolean help;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    private RunsWordsCommand(Context context, String field) {
        this.context = context;
        this.field = field;
    }

    @Command(name = "tag", description = "Add tags to a run, and take tags away: runs tag ID +paper -old.")
    private static final class Tags extends RunsWordsCommand {
        Tags(Context context) {
            super(context, "Tags");
        }
    }

    @Command(
            name = "label",
            description = "Say what really happened in a run, to test rules by: runs label ID +vanishing -healthy.")
    private static final class Labels extends RunsWordsCommand {
        Labels(Context context) {
            super(context, "Labels");
        }
    }

    static CommandLine tags(Context context) {
        return line(new Tags(context));
    }

    static CommandLine labels(Context context) {
        return line(new Labels(context));
    }

    private static CommandLine line(RunsWordsCommand command) {
        return new CommandLine(command).setUnmatchedOptionsArePositionalParams(true);
    }

    @Override
    public Integer call() {
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        for (String word : words) {
            boolean removed = word.startsWith("-");
            String bare = removed || word.startsWith("+") ? word.substring(1) : word;
            if (bare.isBlank() || bare.startsWith("-")) {
                throw new ParameterException(
                        spec.commandLine(),
                        "\"" + word + "\" is no word to add or take away; accepted is +WORD or -WORD");
            }
            change.withArray((removed ? "remove" : "add") + field).add(bare);
        }
        JsonNode run = RunsApi.of(context, dataDir).change(id, change);
        RunsApi.told(context, run, field.toLowerCase(Locale.ROOT));
        return 0;
    }
}
