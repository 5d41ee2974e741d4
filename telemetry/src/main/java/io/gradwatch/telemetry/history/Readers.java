package io.gradwatch.telemetry.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections for reading: each query sees the newest committed state and disturbs no writer. At most {@value #MOST}
 * queries run at a time; a further one waits.
 */
final class Readers implements AutoCloseable {
    /** Queries at a time. */
    static final int MOST = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);
    private static final long PATIENCE_MS = 1_500;

    /** A question; may block. */
    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    private final Semaphore turns = new Semaphore(MOST, true);
    private final Object lock = new Object();
    private final List<DuckDBConnection> idle = new ArrayList<>(); // guarded by lock
    private final DuckDBConnection first;
    private boolean closed; // guarded by lock

    Readers(DuckDBConnection first) {
        this.first = first;
    }

    /**
     * Asks on one of the connections.
     *
     * @throws HistoryException when the database cannot answer, or is closed
     */
    <T> T read(Question<T> question) {
        turns.acquireUninterruptibly();
        try {
            DuckDBConnection connection = take();
            boolean sound = false;
            try {
                T answer = question.ask(connection);
                sound = true;
                return answer;
            } finally {
                giveBack(connection, sound);
            }
        } catch (SQLException e) {
            throw new HistoryException("history could not be read: " + e.getMessage(), e);
        } finally {
            turns.release();
        }
    }

    private DuckDBConnection take() throws SQLException {
        synchronized (lock) {
            if (closed) {
                throw new SQLException("history is closed");
            }
            return idle.isEmpty() ? first.duplicate() : idle.remove(idle.size() - 1);
        }
    }

    private void giveBack(DuckDBConnection connection, boolean sound) throws SQLException {
        synchronized (lock) {
            if (sound && !closed) {
                idle.add(connection);
                return;
            }
        }
        connection.close();
    }

    @Override
    public void close() throws SQLException {
        synchronized (lock) {
            closed = true;
            for (DuckDBConnection connection : idle) {
                connection.close();
            }
            idle.clear();
        }
        try {
            if (!turns.tryAcquire(MOST, PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("History closes while it is still being read");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
