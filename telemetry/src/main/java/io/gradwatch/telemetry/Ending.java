package io.gradwatch.telemetry;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * What ends the process: SIGTERM, SIGINT, or, as a child of the launcher ({@code GRADWATCH_CHILD=1}), the end of standard
 * input instead of SIGINT. A process that does not end by itself within 5 seconds is halted: what is committed is safe.
 */
final class Ending {
    private static final long HALT_AFTER_MS = 5_000;

    private final CompletableFuture<Optional<String>> end = new CompletableFuture<>();

    /** Begins to listen; until then signals do what they do by default. */
    void listen(Map<String, String> environment) {
        boolean child = "1".equals(environment.get("GRADWATCH_CHILD"));
        Signal.handle(new Signal("TERM"), signal -> asked("SIGTERM"));
        Signal.handle(new Signal("INT"), signal -> {
            if (!child) {
                asked("SIGINT");
            }
        });
        if (child) {
            daemon("parent-watch", this::awaitEndOfInput);
        }
    }

    /** Ends the process because of something that a person has to put right. */
    void because(String problem) {
        finish(Optional.of(problem), problem);
    }

    /** Waits; gives the problem that ended the process, or empty when it was asked to end. */
    Optional<String> await() throws InterruptedException, ExecutionException {
        return end.get();
    }

    private void asked(String by) {
        finish(Optional.empty(), by);
    }

    private void finish(Optional<String> problem, String why) {
        if (end.complete(problem)) {
            LoggerFactory.getLogger(Ending.class).info("Ending: {}", why);
            daemon("halt", Ending::haltLater);
        }
    }

    private void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // nothing is ever said
            }
        } catch (IOException e) {
            Logger log = LoggerFactory.getLogger(Ending.class);
            log.debug("Standard input failed, which is as good as its end", e);
        }
        asked("end of standard input");
    }

    private static void haltLater() {
        try {
            Thread.sleep(HALT_AFTER_MS);
            System.err.println("The telemetry service did not end within 5 s and is halted");
            Runtime.getRuntime().halt(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
