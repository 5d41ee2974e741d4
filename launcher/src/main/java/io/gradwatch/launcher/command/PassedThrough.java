package io.gradwatch.launcher.command;

import io.gradwatch.launcher.broker.KafkaAddress;
import io.gradwatch.launcher.datadir.DataDirectory;
import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.process.Output;
import io.gradwatch.launcher.session.StopSignal;
import io.gradwatch.launcher.session.TrainerProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A trainer in the foreground: it writes to this terminal, and its exit code becomes the command's. */
final class PassedThrough {
    static final String DEFAULT_HEAP = "1g";
    /** For the present step, which may take many seconds, a checkpoint, and the telemetry that is still to be sent. */
    static final Duration GRACE = Duration.ofSeconds(30);

    private PassedThrough() {}

    /** Runs a trainer until it ends, or the user ends it. */
    static int run(Context context, DataDirectory directory, List<String> arguments, StopSignal stop) {
        ChildProcess trainer = start(context, directory, arguments, DEFAULT_HEAP, null);
        stop.onForce(trainer::kill);
        CompletableFuture.anyOf(trainer.exit(), stop.requested()).join();
        trainer.stop(GRACE);
        return exitCode(trainer);
    }

    static ChildProcess start(
            Context context,
            DataDirectory directory,
            List<String> arguments,
            String heap,
            @Nullable KafkaAddress kafka) {
        directory.prepare();
        return new TrainerProcess(
                        context.trainer(),
                        directory,
                        context.environment(),
                        context.terminal().interactive())
                .start(arguments, heap, Runtime.getRuntime().availableProcessors(), kafka, new Output.Inherited());
    }

    /** Of a trainer that has ended: 0, 1 or 2. */
    static int exitCode(ChildProcess trainer) {
        int code = trainer.exit().join();
        return code == 0 || code == 2 ? code : 1;
    }
}
