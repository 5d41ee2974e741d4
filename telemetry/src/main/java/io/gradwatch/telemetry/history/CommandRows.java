package io.gradwatch.telemetry.history;

import com.google.protobuf.InvalidProtocolBufferException;
import io.gradwatch.contract.v1.Acknowledgement;
import io.gradwatch.contract.v1.Command;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Commands and answers as rows. */
final class CommandRows {
    private static final String SELECT =
            "SELECT r.id, c.attempt, c.produced_at, c.command, a.attempt, a.produced_at, a.answer"
                    + " FROM commands c JOIN runs r USING (run_key)"
                    + " LEFT JOIN command_answers a ON a.run_key = c.run_key AND a.command_id = c.command_id WHERE ";

    private CommandRows() {}

    /** Writes a command, unless the run has one of this id. */
    static void writeCommand(Connection c, int runKey, int attempt, long producedAtMs, Command command)
            throws SQLException {
        write(c, "commands", runKey, attempt, command.getCommandId(), producedAtMs, command.toByteArray());
    }

    /** Writes an answer, unless its command has one. */
    static void writeAnswer(Connection c, int runKey, int attempt, long producedAtMs, Acknowledgement answer)
            throws SQLException {
        write(c, "command_answers", runKey, attempt, answer.getCommandId(), producedAtMs, answer.toByteArray());
    }

    private static void write(
            Connection c, String table, int runKey, int attempt, String id, long producedAtMs, byte[] message)
            throws SQLException {
        boolean there = Sql.first(
                        c,
                        "SELECT 1 FROM " + table + " WHERE run_key = ? AND command_id = ? LIMIT 1",
                        row -> true,
                        runKey,
                        id)
                .isPresent();
        if (!there) {
            Sql.update(
                    c, "INSERT INTO " + table + " VALUES (?, ?, ?, ?, ?)", runKey, attempt, id, producedAtMs, message);
        }
    }

    /** Newest first. */
    static List<CommandHistory> read(Connection c, String where, @Nullable Object... arguments) throws SQLException {
        return Sql.query(
                c, SELECT + where + " ORDER BY c.produced_at DESC, c.command_id", CommandRows::command, arguments);
    }

    private static CommandHistory command(ResultSet row) throws SQLException {
        try {
            byte[] answer = row.getBytes(7);
            return new CommandHistory(
                    row.getString(1),
                    row.getInt(2),
                    row.getLong(3),
                    Command.parseFrom(row.getBytes(4)),
                    answer == null
                            ? Optional.empty()
                            : Optional.of(new CommandHistory.Answer(
                                    row.getInt(5), row.getLong(6), Acknowledgement.parseFrom(answer))));
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("a command in history cannot be read: " + e.getMessage(), e);
        }
    }
}
