package io.gradwatch.telemetry.lifecycle;

import io.gradwatch.telemetry.archive.ArchiveException;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.RunOrigins.Ended;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the policy says, once a minute, on a thread of its own that neither ingest nor viewers wait for. */
public final class PolicyLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyLoop.class);
    private static final long EVERY_SECONDS = 60;
    private static final long FIRST_SECONDS = 10;
    private static final long RETRY_MS = Duration.ofHours(1).toMillis();
    private static final long CLOSE_MS = 2_000;

    private final History history;
    private final RunLifecycle lifecycle;
    private final Policy policy;
    private final Clock clock;
    private final Map<String, Long> failedAtMs = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread t = new Thread(task, "retention");
        t.setDaemon(true);
        t.setPriority(Thread.MIN_PRIORITY);
        return t;
    });

    public PolicyLoop(History history, RunLifecycle lifecycle, Policy policy, Clock clock) {
        this.history = history;
        this.lifecycle = lifecycle;
        this.policy = policy;
        this.clock = clock;
    }

    /** Begins. */
    public void start() {
        var unused = thread.scheduleWithFixedDelay(this::pass, FIRST_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /** One round; for the loop's thread, or a test. */
    void pass() {
        try {
            int archived = archive();
            if (policy.trimArchived()) {
                RunLog.Trimmed trimmed = lifecycle.trim(policy);
                if (trimmed.records() > 0) {
                    LOG.info("Deleted {} records from Kafka that are of archived or deleted runs", trimmed.records());
                }
            }
            LOG.debug("Archived {} runs", archived);
        } catch (RuntimeException e) {
            LOG.warn("The retention policy could not be carried out now: {}", e.toString());
        }
    }

    private int archive() {
        if (policy.archiveAfter().isEmpty()) {
            return 0;
        }
        int archived = 0;
        long now = clock.millis();
        long before = now - policy.archiveAfter().get().toMillis();
        for (Ended run : history.origins().ended()) {
            if (thread.isShutdown()) {
                break;
            }
            boolean due = run.endedAtMs() <= before && !lifecycle.isArchived(run.runId());
            if (due && now - failedAtMs.getOrDefault(run.runId(), now - RETRY_MS) >= RETRY_MS) {
                try {
                    lifecycle.store(run.runId());
                    failedAtMs.remove(run.runId());
                    archived++;
                    LOG.info("Archived run {}", run.runId());
                } catch (ArchiveException | LifecycleException e) {
                    failedAtMs.put(run.runId(), now);
                    LOG.warn("{}. The next try is in an hour", e.getMessage());
                }
            }
        }
        return archived;
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                LOG.info("A run is being archived; it is begun again at the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
