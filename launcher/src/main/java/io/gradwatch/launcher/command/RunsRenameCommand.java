package io.gradwatch.launcher.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gradwatch runs rename}. */
@Command(
        name = "rename",
        description = "Give a run another name; '' gives it back the trainer's.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunsRenameCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "ID", description = "Its id, as 'gradwatch runs list' prints it.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "At most 200 characters.")
    private String name = "";

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    RunsRenameCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var change = JsonNodeFactory.instance.objectNode().put("name", name);
        RunsApi.told(context, RunsApi.of(context, dataDir).change(id, change), "name");
        return 0;
    }
}
