package io.gradwatch.telemetry.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements on one connection, without ceremony. */
final class Sql {
    /** Makes a value of the row that the cursor is on. */
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** A piece of a statement and what is bound to its question marks, in their order. */
    record Part(String sql, List<Object> arguments) {
        Part {
            arguments = List.copyOf(arguments);
        }

        /** This one, then text with arguments of its own. */
        Part with(String more, Object... values) {
            return with(part(more, values));
        }

        /** This one, then another. */
        Part with(Part next) {
            List<Object> all = new ArrayList<>(arguments);
            all.addAll(next.arguments);
            return new Part(sql + next.sql, all);
        }

        /** This one between two texts; the arguments are of the text behind it. */
        Part within(String before, String behind, Object... values) {
            return part(before).with(this).with(behind, values);
        }

        /** This one, whose text holds another's text already: the other's arguments come first. */
        Part after(Part inner) {
            List<Object> all = new ArrayList<>(inner.arguments);
            all.addAll(arguments);
            return new Part(sql, all);
        }
    }

    static Part part(String sql, Object... arguments) {
        return new Part(sql, List.of(arguments));
    }

    /** Looks at a row. */
    interface RowVisitor {
        void visit(ResultSet row) throws SQLException;
    }

    private Sql() {}

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static int update(Connection connection, String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, arguments);
            return statement.executeUpdate();
        }
    }

    static <T> List<T> query(Connection connection, String sql, RowMapper<T> mapper, @Nullable Object... arguments)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, arguments);
            try (ResultSet rows = statement.executeQuery()) {
                List<T> all = new ArrayList<>();
                while (rows.next()) {
                    all.add(mapper.map(rows));
                }
                return all;
            }
        }
    }

    /** Visits every row of an answer, without keeping it. */
    static void each(Connection connection, String sql, RowVisitor visitor) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                visitor.visit(rows);
            }
        }
    }

    static <T> Optional<T> first(Connection connection, String sql, RowMapper<T> mapper, @Nullable Object... arguments)
            throws SQLException {
        return query(connection, sql, mapper, arguments).stream().findFirst();
    }

    static @Nullable Float maybeFloat(ResultSet row, String column) throws SQLException {
        float value = row.getFloat(column);
        return row.wasNull() ? null : value;
    }

    static @Nullable Double maybeDouble(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? null : value;
    }

    static @Nullable Long maybeLong(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    static byte[] bytes(ResultSet row, String column) throws SQLException {
        return row.getBytes(column);
    }

    static void bind(PreparedStatement statement, @Nullable Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
    }
}
