package io.gradwatch.launcher.datadir;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Gradwatch that runs on a data directory.
 *
 * @param pid of its launcher
 * @param startedAt when the launcher's process started
 * @param kafka where trainers find Kafka; null while it starts
 * @param kafkaConfig file of client settings that they need for it; null for none
 * @param url of its dashboard; null while it starts
 * @param tlsCertificate file of the certificate that the dashboard is known by; null where it is not encrypted
 * @param children processes that the launcher started
 */
public record Instance(
        long pid,
        Instant startedAt,
        @Nullable String kafka,
        @Nullable String kafkaConfig,
        @Nullable String url,
        @Nullable String tlsCertificate,
        List<Long> children) {

    // systems differ by a second or so in what they say of the same process over time
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    public Instance {
        children = List.copyOf(children);
    }

    /** This process, which has nothing yet. */
    static Instance starting() {
        ProcessHandle self = ProcessHandle.current();
        return new Instance(
                self.pid(), self.info().startInstant().orElseGet(Instant::now), null, null, null, null, List.of());
    }

    /** Whether its launcher still runs; a later process with the same number is not it. */
    boolean isAlive() {
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        return process.isPresent()
                && process.get()
                        .info()
                        .startInstant()
                        .map(start -> Duration.between(start, startedAt).abs().compareTo(TOLERANCE) <= 0)
                        .orElse(true);
    }
}
