package io.gradwatch.telemetry.history;

import java.util.Collection;
import java.util.List;

/** Questions about commands. Any thread; every method may block, and throws {@link HistoryException}. */
public final class CommandQueries {
    private final Readers readers;

    CommandQueries(Readers readers) {
        this.readers = readers;
    }

    /** All commands to a run, newest first. */
    public List<CommandHistory> ofRun(String runId) {
        return readers.read(c -> CommandRows.read(c, "r.id = ?", runId));
    }

    /** Those of a run that have these ids, newest first; an unknown id is left out. */
    public List<CommandHistory> byId(String runId, Collection<String> commandIds) {
        if (commandIds.isEmpty()) {
            return List.of();
        }
        String marks = String.join(", ", commandIds.stream().map(id -> "?").toList());
        Object[] arguments = new Object[commandIds.size() + 1];
        arguments[0] = runId;
        int n = 1;
        for (String id : commandIds) {
            arguments[n++] = id;
        }
        return readers.read(c -> CommandRows.read(c, "r.id = ? AND c.command_id IN (" + marks + ")", arguments));
    }
}
