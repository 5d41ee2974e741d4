package io.gradwatch.telemetry.ingest;

import io.gradwatch.telemetry.history.Counters;
import io.gradwatch.telemetry.history.DiskRoom;
import io.gradwatch.telemetry.history.HistoryException;
import io.gradwatch.telemetry.history.HistoryWriter;
import io.gradwatch.telemetry.history.StoredRun;
import io.gradwatch.telemetry.rules.RuleEngine;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ingest thread. Whatever fails, it begins again from the last commit, for ever; only a history of another cluster ends
 * it. Public methods may be called from any thread.
 */
public final class IngestLoop {
    private static final Logger LOG = LoggerFactory.getLogger(IngestLoop.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofMillis(500);
    private static final long SHARE_MS = 100;
    private static final long SAY_EVERY_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long STOP_MS = 2_500;

    /** Where what cannot be put right without a person is told; the loop has ended then. */
    public interface Fatal {
        void because(String message);
    }

    private final String bootstrap;
    private final Cluster cluster;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final IngestSession.Parts parts;
    private final Supplier<Optional<String>> shortage;
    private final Shares shares;
    private final Fatal fatal;
    private final Thread thread = new Thread(this::run, "ingest");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stop = lock.newCondition();
    private final Queue<StoredRun> adopted = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private volatile IngestStatus status;
    private long saidAtNanos = System.nanoTime() - SAY_EVERY_NANOS;
    private boolean failing;

    IngestLoop(
            String bootstrap,
            Cluster cluster,
            Supplier<Consumer<byte[], byte[]>> consumers,
            IngestSession.Parts parts,
            Supplier<Optional<String>> shortage,
            Shares shares,
            Fatal fatal) {
        this.shortage = shortage;
        this.shares = shares;
        this.bootstrap = bootstrap;
        this.cluster = cluster;
        this.consumers = consumers;
        this.parts = parts;
        this.fatal = fatal;
        status = new IngestStatus(false, false, 0, Counters.NONE);
    }

    /**
     * A loop over a real Kafka, not started yet.
     *
     * @param shares what is to be read of it
     */
    public static IngestLoop of(
            KafkaSettings kafka,
            HistoryWriter writer,
            Supplier<RuleEngine> rules,
            Feed feed,
            AlertOutbox outbox,
            TrainerStateLog trainers,
            Clock clock,
            DiskRoom room,
            Shares shares,
            Fatal fatal) {
        KafkaCluster cluster = new KafkaCluster(kafka).started();
        return new IngestLoop(
                kafka.bootstrap(),
                cluster,
                () -> new KafkaConsumer<>(kafka.consumer()),
                new IngestSession.Parts(
                        writer, rules, feed, outbox, trainers, cluster::isConnected, clock, System::nanoTime),
                room::shortage,
                shares,
                fatal);
    }

    /** Begins to read. */
    public void start() {
        thread.start();
    }

    /** Follows, from now on, a run that has come into history by another way than the log. Returns at once. */
    public void adopt(StoredRun run) {
        adopted.add(run);
    }

    /** How ingest is doing now. */
    public IngestStatus status() {
        IngestStatus s = status;
        return new IngestStatus(
                s.connected() && cluster.isConnected(),
                s.caughtUp(),
                s.lag(),
                s.counters(),
                s.problem(),
                s.ruleNanos());
    }

    /** Ends the thread after a last commit. Blocks, for 4 seconds at most. */
    public void stop() {
        lock.lock();
        try {
            stopping = true;
            stop.signalAll();
        } finally {
            lock.unlock();
        }
        if (consumer == null) {
            cluster.close(); // the thread may be waiting for it
        }
        try {
            thread.join(STOP_MS);
            Consumer<byte[], byte[]> stuck = consumer;
            if (thread.isAlive() && stuck != null) {
                stuck.wakeup();
                thread.join(1_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cluster.close();
    }

    private void run() {
        while (!stopping) {
            try {
                session();
            } catch (WrongClusterException e) {
                parts.writer().rollback();
                fatal.because(String.valueOf(e.getMessage()));
                return;
            } catch (RuntimeException e) {
                parts.writer().rollback();
                if (e instanceof HistoryException
                        && String.valueOf(e.getMessage()).contains("FATAL")) {
                    // DuckDB refuses everything from now on; what is committed is safe, and read again by the next
                    // process
                    fatal.because(e.getMessage() + "; what was committed is kept: start the service again when that is"
                            + " put right");
                    return;
                }
                String problem = e instanceof HistoryException ? e.getMessage() : null;
                status = new IngestStatus(problem != null, status.caughtUp(), status.lag(), status.counters(), problem);
                if (!stopping) {
                    say(e);
                    rest();
                }
            }
        }
    }

    private void session() {
        String clusterId = cluster.prepare();
        Share share = shares.current();
        while (!stopping && (share.isNothing() || !shares.begin(share))) {
            status = new IngestStatus(true, share.isNothing() && !share.equals(Share.NOTHING), 0, status.counters());
            pause(SHARE_MS);
            share = shares.current();
        }
        if (stopping) {
            return;
        }
        try {
            session(clusterId, share);
        } finally {
            parts.outbox().end();
            shares.ended();
        }
    }

    private void session(String clusterId, Share share) {
        Consumer<byte[], byte[]> consumer = consumers.get();
        this.consumer = consumer;
        try {
            IngestSession session = IngestSession.begin(consumer, clusterId, parts.of(share));
            if (failing) {
                failing = false;
                LOG.info("Reading from Kafka at {} again", bootstrap);
            }
            while (!stopping && shares.current().equals(share)) {
                if (hasRoom(session)) {
                    session.step(POLL);
                    for (StoredRun run = adopted.poll(); run != null; run = adopted.poll()) {
                        session.adopt(run);
                    }
                    status = session.status(true);
                    if (!share.equals(Share.ALL)) {
                        shares.caughtUp(share, session.partitionsCaughtUp());
                    }
                }
            }
            session.commit();
            parts.writer().rollback(); // its appenders belong to this thread
        } finally {
            this.consumer = null;
            consumer.close(CloseOptions.timeout(CLOSE));
        }
    }

    /** Waits a while when there is none: nothing is read then, so nothing has to be written. */
    private boolean hasRoom(IngestSession session) {
        Optional<String> lacking = shortage.get();
        if (lacking.isEmpty()) {
            if (status.problem() != null) {
                LOG.info("There is room on the disk again: reading from Kafka goes on");
            }
            return true;
        }
        if (status.problem() == null) {
            LOG.error("History is not written at the moment: {}", lacking.get());
        }
        IngestStatus now = session.status(true);
        status =
                new IngestStatus(true, now.caughtUp(), unread(session), now.counters(), lacking.get(), now.ruleNanos());
        rest();
        return false;
    }

    /** What waits in Kafka meanwhile; as it was, while Kafka does not answer. */
    private long unread(IngestSession session) {
        try {
            return session.unread();
        } catch (KafkaException e) {
            LOG.debug("The end of the log is not known at the moment", e);
            return status.lag();
        }
    }

    private void say(RuntimeException e) {
        long now = System.nanoTime();
        if (now - saidAtNanos < SAY_EVERY_NANOS) {
            return;
        }
        saidAtNanos = now;
        failing = true;
        if (e instanceof HistoryException) {
            LOG.warn("History cannot be written at the moment, trying on: {}", e.getMessage());
        } else {
            LOG.warn("Reading from Kafka at {} does not work at the moment, trying on: {}", bootstrap, e.toString());
        }
        LOG.debug("The cause", e);
    }

    private void rest() {
        pause(RETRY.toMillis());
    }

    private void pause(long ms) {
        lock.lock();
        try {
            if (!stopping && stop.await(ms, TimeUnit.MILLISECONDS)) {
                LOG.debug("Woken up to stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
