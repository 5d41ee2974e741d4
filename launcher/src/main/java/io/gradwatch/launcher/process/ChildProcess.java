package io.gradwatch.launcher.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A running child. Its standard input stays open as long as this process lives and does not stop it: the end of that
 * input, which comes with the death of this process too, is what tells a child to finish its work and exit.
 */
public final class ChildProcess {
    private static final int REMEMBERED_LINES = 20;
    private static final Duration TERMINATION = Duration.ofSeconds(2);

    private final Process process;
    private final List<Thread> pumps = new ArrayList<>();
    private final Deque<String> lastErrors = new ArrayDeque<>(); // guarded by itself

    private ChildProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts a program.
     *
     * @throws IOException the program cannot be started, or its log not be opened
     */
    public static ChildProcess start(JavaProgram program, Output output) throws IOException {
        ProcessBuilder builder = program.toProcessBuilder();
        if (output instanceof Output.Logged logged) {
            LogFile log = LogFile.open(logged.log());
            ChildProcess child;
            try {
                child = new ChildProcess(builder.start());
            } catch (IOException e) {
                log.close();
                throw e;
            }
            child.pump("output", child.process.getInputStream(), line -> {
                log.line(line);
                logged.lines().accept(line);
            });
            child.pump("errors", child.process.getErrorStream(), line -> {
                log.line(line);
                child.remember(line);
            });
            child.whenOutputEnds(log);
            return child;
        }
        builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
        return new ChildProcess(builder.start());
    }

    /** The operating system's number of the process. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Completes with the exit code when the process has ended; 128 plus the signal when it was killed by one. */
    public CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** The last lines, at most 20, that the process wrote to standard error so far. Empty when it inherits ours. */
    public List<String> lastErrors() {
        synchronized (lastErrors) {
            return List.copyOf(lastErrors);
        }
    }

    /** Waits until everything that an ended process wrote has been logged and handed on; two seconds at most. */
    public void awaitOutput() throws InterruptedException {
        for (Thread pump : pumps) {
            pump.join(2000);
        }
    }

    /** Asks the process to finish by ending its input, and returns at once. */
    public void askToStop() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // it has ended, or will be terminated
        }
    }

    /**
     * Asks the process to finish, waits, and ends it by force if it takes longer than {@code grace} and two seconds.
     * When this returns, the process has ended.
     */
    public void stop(Duration grace) {
        askToStop();
        if (!endsWithin(grace)) {
            process.destroy();
            if (!endsWithin(TERMINATION)) {
                kill();
                process.onExit().join();
            }
        }
    }

    /** Ends the process by force, as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
    }

    private boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void remember(String line) {
        synchronized (lastErrors) {
            if (lastErrors.size() == REMEMBERED_LINES) {
                lastErrors.removeFirst();
            }
            lastErrors.addLast(line);
        }
    }

    private void pump(String name, InputStream stream, Consumer<String> sink) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader reader =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                            sink.accept(line);
                        }
                    } catch (IOException e) {
                        // the process has ended
                    }
                },
                name + " of " + process.pid());
        thread.setDaemon(true);
        thread.start();
        pumps.add(thread);
    }

    private void whenOutputEnds(LogFile log) {
        Thread thread = new Thread(
                () -> {
                    try {
                        for (Thread pump : pumps) {
                            pump.join();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    log.close();
                },
                "log of " + process.pid());
        thread.setDaemon(true);
        thread.start();
    }
}
