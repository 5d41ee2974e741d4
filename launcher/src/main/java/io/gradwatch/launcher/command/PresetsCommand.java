package io.gradwatch.launcher.command;

import io.gradwatch.launcher.session.StopSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** {@code gradwatch presets}: the trainer's command of that name. */
@Command(name = "presets", description = "List the networks that 'gradwatch train' knows.")
final class PresetsCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private DataDirOption dataDir = new DataDirOption();

    @Unmatched
    private List<String> rest = new ArrayList<>();

    PresetsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return PassedThrough.run(
                context,
                dataDir.meant(context.environment()),
                TrainerArguments.of("presets", rest),
                StopSignal.install());
    }
}
