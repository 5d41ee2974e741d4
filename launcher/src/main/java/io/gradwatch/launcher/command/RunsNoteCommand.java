package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gradwatch.launcher.session.ServiceApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradwatch runs note}. */
@Command(
        name = "note",
        description = "Write down something about a run, in place of what was written before.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunsNoteCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "ID", description = "Its id, as 'gradwatch runs list' prints it.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "TEXT", description = "At most 10,000 characters; '' takes the notes away.")
    private String text = "";

    @Option(names = "--append", description = "As a new line below what was written before.")
    private boolean append;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    RunsNoteCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ServiceApi service = RunsApi.of(context, dataDir);
        String before = append ? service.run(id).path("notes").asText("") : "";
        String notes = before.isEmpty() ? text : before + "\n" + text;
        JsonNode run = service.change(id, JsonNodeFactory.instance.objectNode().put("notes", notes));
        RunsApi.told(context, run, "notes");
        return 0;
    }
}
