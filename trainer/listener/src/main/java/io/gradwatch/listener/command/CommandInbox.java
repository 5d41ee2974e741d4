package io.gradwatch.listener.command;

import io.gradwatch.contract.v1.Command;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Commands on their way from the thread that reads them to the training thread, each id once. Any thread; nothing waits. To
 * look whether there is one costs a read of a volatile field.
 */
public final class CommandInbox {
    /** Commands that may wait; what comes beyond is passed over, and so times out. */
    static final int MOST_WAITING = 1_000;

    private final ConcurrentLinkedQueue<Command> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger length = new AtomicInteger();
    private final Set<String> seen = new HashSet<>(); // guarded by itself

    /** Takes a command that has not been seen before and is one to be answered; false: passed over. */
    public boolean add(Command command) {
        if (command.hasDryRun() || command.hasStartTwin()) {
            return false;
        }
        synchronized (seen) {
            if (length.get() >= MOST_WAITING || !seen.add(command.getCommandId())) {
                return false;
            }
        }
        waiting.add(command);
        length.incrementAndGet();
        return true;
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return length.get() == 0;
    }

    @Nullable
    Command poll() {
        Command command = waiting.poll();
        if (command != null) {
            length.decrementAndGet();
        }
        return command;
    }

    List<Command> drain() {
        List<Command> all = new ArrayList<>();
        for (Command command = poll(); command != null; command = poll()) {
            all.add(command);
        }
        return all;
    }
}
