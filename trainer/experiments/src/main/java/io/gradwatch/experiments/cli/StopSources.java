package io.gradwatch.experiments.cli;

import io.gradwatch.experiments.run.StopSignal;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * What asks a run to end: Ctrl-C and SIGTERM. A child of the launcher ({@code GRADWATCH_CHILD=1}) ignores Ctrl-C, which
 * its parent hears too, and ends when its standard input does: when the parent closes it, or is gone.
 */
final class StopSources {
    private static final int EXIT_INTERRUPTED = 130;

    private StopSources() {}

    /** Connects them to {@code stop}, for the rest of this process. */
    static void connect(StopSignal stop, Map<String, String> environment, InputStream standardInput) {
        boolean child = "1".equals(environment.get("GRADWATCH_CHILD"));
        handle("INT", child ? SignalHandler.SIG_IGN : signal -> stopOrHalt(stop));
        handle("TERM", signal -> stop.request("stopped by SIGTERM"));
        if (child) {
            Thread watcher = new Thread(() -> stopAtEnd(standardInput, stop), "standard-input");
            watcher.setDaemon(true);
            watcher.start();
        }
    }

    private static void handle(String name, SignalHandler handler) {
        try {
            Signal.handle(new Signal(name), handler);
        } catch (IllegalArgumentException e) {
            // not on this platform, or reserved by the virtual machine: the default remains
        }
    }

    private static void stopOrHalt(StopSignal stop) {
        if (stop.requested().isPresent()) {
            Runtime.getRuntime().halt(EXIT_INTERRUPTED);
        }
        stop.request("stopped with Ctrl-C");
    }

    private static void stopAtEnd(InputStream in, StopSignal stop) {
        try {
            while (in.read() >= 0) {
                // nothing is expected
            }
        } catch (IOException e) {
            // as good as its end
        }
        stop.request("stopped by the launcher");
    }
}
