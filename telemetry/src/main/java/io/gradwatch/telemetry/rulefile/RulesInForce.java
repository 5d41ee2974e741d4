package io.gradwatch.telemetry.rulefile;

import io.gradwatch.telemetry.rulefile.RuleFileStatus.State;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.rules.user.Problem;
import io.gradwatch.telemetry.rules.user.RuleFile;
import io.gradwatch.telemetry.rules.user.RuleSet;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules in force, and the file that they come from. A file with mistakes changes nothing but its status. A copy of the last
 * good one is kept, so that a service which starts on a file with mistakes goes on with the rules that it had.
 *
 * <p>Any thread may call any method.
 */
public final class RulesInForce implements AutoCloseable {
    /** Name of the rule file of a data directory. */
    public static final String FILE = "rules.yaml";

    private static final Logger LOG = LoggerFactory.getLogger(RulesInForce.class);
    private static final String KEPT = "rules-in-force.yaml";
    private static final Duration EVERY = Duration.ofMillis(500);

    private final Path file;
    private final Path kept;
    private final Clock clock;
    private final Thread watcher = new Thread(this::watch, "rules");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();

    // under the lock
    private RuleText taken;
    private RuleText seen;
    private boolean closed;

    private volatile RuleSet rules;
    private volatile RuleFileStatus status;

    private RulesInForce(Path file, Path kept, Clock clock, RuleSet rules) {
        this.file = file;
        this.kept = kept;
        this.clock = clock;
        this.rules = rules;
        this.taken = new RuleText.Absent();
        this.seen = taken;
        this.status = new RuleFileStatus(file, State.ABSENT, List.of(), clock.millis(), clock.millis());
    }

    /**
     * Reads the file, once; {@link #start} follows it.
     *
     * @param data the data directory, which must be there
     * @param chosen another file than {@code rules.yaml} of it; null: that
     * @throws IllegalArgumentException the chosen file is not there
     */
    public static RulesInForce open(Path data, @Nullable Path chosen, Clock clock) {
        if (chosen != null && !Files.isRegularFile(chosen)) {
            throw new IllegalArgumentException("--rules is \"" + chosen + "\", which is no file; accepted is a file of"
                    + " rules, which may be empty");
        }
        Path file =
                (chosen == null ? data.resolve(FILE) : chosen).toAbsolutePath().normalize();
        Path kept = data.resolve(KEPT);
        RulesInForce inForce = new RulesInForce(file, kept, clock, RuleSet.standard());
        RuleText now = RuleText.of(file);
        inForce.lock.lock();
        try {
            inForce.begin(now);
        } finally {
            inForce.lock.unlock();
        }
        return inForce;
    }

    private void begin(RuleText now) {
        taken = now;
        seen = now;
        RuleFile read = read(now);
        if (read == null) {
            return;
        }
        if (read instanceof RuleFile.Valid valid) {
            inForce(valid.rules(), State.VALID);
            return;
        }
        refused(now, problems(read));
        if (RuleText.of(kept) instanceof RuleText.Present before
                && RuleFile.read(RuleText.name(file), before.text()) instanceof RuleFile.Valid valid) {
            rules = valid.rules();
            LOG.warn("The rules that were in force before go on, from {}", kept);
        }
    }

    /** Begins to follow the file. */
    public void start() {
        watcher.setDaemon(true);
        watcher.start();
    }

    /** The rules as people see them. */
    public RuleSet rules() {
        return rules;
    }

    /** The rules as a function; the same object as long as they are the same. */
    public RuleEngine engine() {
        return rules.engine();
    }

    /** How it is with the file. */
    public RuleFileStatus status() {
        return status;
    }

    /**
     * Puts another text in place of the file, whole or not at all, and in force; a text with mistakes changes nothing.
     *
     * @return the mistakes; empty when the text is in force
     * @throws IOException the file cannot be written; it is what it was
     */
    public List<Problem> put(String text) throws IOException {
        RuleFile read = RuleFile.read(RuleText.name(file), text);
        if (!(read instanceof RuleFile.Valid valid)) {
            return problems(read);
        }
        lock.lock();
        try {
            replace(Files.exists(file) ? file.toRealPath() : file, text);
            taken = new RuleText.Present(text);
            seen = taken;
            inForce(valid.rules(), State.VALID);
        } finally {
            lock.unlock();
        }
        return List.of();
    }

    /** Looks for mistakes in a text, and does nothing. */
    public List<Problem> check(String text) {
        return problems(RuleFile.read(RuleText.name(file), text));
    }

    /** Looks at the file: a text that is there unchanged for the second time is taken, so that none is taken half written. */
    void look() {
        lock.lock();
        try {
            RuleText now = RuleText.of(file);
            boolean settled = now.equals(seen);
            seen = now;
            if (settled && !now.equals(taken)) {
                taken = now;
                take(now);
            }
        } finally {
            lock.unlock();
        }
    }

    private void take(RuleText now) {
        RuleFile read = read(now);
        if (read == null && now instanceof RuleText.Absent) {
            LOG.info("The rule file {} is gone: the standard rules are in force", file);
            inForce(RuleSet.standard(), State.ABSENT);
        } else if (read instanceof RuleFile.Valid valid) {
            inForce(valid.rules(), State.VALID);
        } else if (read != null) {
            refused(now, problems(read));
        }
    }

    /** Null where there is no text; an unreadable file is one with a mistake. */
    private @Nullable RuleFile read(RuleText now) {
        if (now instanceof RuleText.Present present) {
            return RuleFile.read(RuleText.name(file), present.text());
        }
        return now instanceof RuleText.Unreadable unreadable
                ? new RuleFile.Malformed(List.of(unreadable.problem()))
                : null;
    }

    private void inForce(RuleSet next, State state) {
        long now = clock.millis();
        rules = next;
        status = new RuleFileStatus(file, state, List.of(), now, now);
        try {
            if (state == State.VALID) {
                replace(kept, next.text());
                LOG.info(
                        "Rules of {} are in force: {} of its own, {} standard rules changed or off",
                        file,
                        next.entries().stream().filter(e -> !e.standard()).count(),
                        next.entries().stream()
                                .filter(e -> e.standard()
                                        && (!e.enabled() || !e.changes().isEmpty()))
                                .count());
            } else {
                Files.deleteIfExists(kept);
            }
        } catch (IOException e) {
            LOG.warn("The copy {} of the rules in force cannot be written: {}", kept, e.toString());
        }
    }

    private void refused(RuleText now, List<Problem> problems) {
        State state = now instanceof RuleText.Unreadable ? State.UNREADABLE : State.MALFORMED;
        status = new RuleFileStatus(file, state, problems, clock.millis(), status.inForceSinceMs());
        LOG.error("The rule file {} is not used; the rules in force stay. {}", file, said(problems));
    }

    private static List<Problem> problems(RuleFile file) {
        return file instanceof RuleFile.Malformed malformed ? malformed.problems() : List.of();
    }

    private static String said(List<Problem> problems) {
        StringBuilder said = new StringBuilder();
        problems.forEach(p -> said.append("\n    ").append(p));
        return said.toString();
    }

    /** All of it or nothing, also when the power goes. */
    private static void replace(Path file, String text) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(file + " is no file");
        }
        Path written = Files.createTempFile(directory, ".rules", ".tmp");
        try {
            Files.writeString(written, text, StandardCharsets.UTF_8);
            try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            try {
                Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private void watch() {
        while (rested()) {
            try {
                look();
            } catch (RuntimeException e) {
                LOG.error("The rule file {} could not be looked at", file, e);
            }
        }
    }

    /** False when it is over. */
    private boolean rested() {
        lock.lock();
        try {
            long nanos = EVERY.toNanos();
            while (!closed && nanos > 0) {
                nanos = closing.awaitNanos(nanos);
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
