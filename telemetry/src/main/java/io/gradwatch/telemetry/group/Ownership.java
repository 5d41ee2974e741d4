package io.gradwatch.telemetry.group;

import io.gradwatch.telemetry.ingest.Share;
import io.gradwatch.telemetry.ingest.Shares;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Utils;

/**
 * What this service owns of the log, and who owns the rest. A partition is this service's when Kafka has assigned it, Kafka has
 * been heard of within a session's time, and no other service is known to own it: so a service that was frozen or cut off does
 * not go on as if nothing had happened. Any thread.
 */
public final class Ownership implements Shares {
    private final String id;
    private final Duration session;
    private final LongSupplier nanoTime;

    // all guarded by this
    private final Set<Integer> assigned = new TreeSet<>();
    private final Set<Integer> caughtUp = new TreeSet<>();
    private GroupView view = GroupView.EMPTY;
    private Share share = Share.NOTHING;
    private Optional<Share> running = Optional.empty();
    private int partitions;
    private boolean joined;
    private long heardAtNanos;

    /**
     * @param url where the others reach this service
     * @param session after so long without word from Kafka nothing is owned any more
     */
    public Ownership(String url, Duration session, LongSupplier nanoTime) {
        this.id = Member.idOf(url);
        this.session = session;
        this.nanoTime = nanoTime;
        this.heardAtNanos = nanoTime.getAsLong();
    }

    /** This service's own id in the group. */
    public String id() {
        return id;
    }

    /** The partition of a run in every topic, as Kafka's Java producer chooses it. */
    static int partitionOf(String runId, int partitions) {
        return Utils.toPositive(Utils.murmur2(runId.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    /** How many partitions each topic has. */
    synchronized void topics(int number) {
        partitions = number;
    }

    /** Kafka has given these, too. */
    synchronized void assigned(Collection<Integer> numbers) {
        joined = true;
        heardAtNanos = nanoTime.getAsLong();
        assigned.addAll(numbers);
        caughtUp.removeAll(numbers);
        share = Share.NOTHING; // a new one, also for a partition that was away for a moment
    }

    /**
     * Kafka takes these away. They are answered for no more from now on; returns when they are judged no more either.
     *
     * @return false: that took longer than it may
     */
    synchronized boolean revoked(Collection<Integer> numbers, Duration patience) {
        assigned.removeAll(numbers);
        caughtUp.removeAll(numbers);
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (numbers.stream()
                    .anyMatch(number -> running.filter(r -> r.has(number)).isPresent())) {
                long rest = (deadline - System.nanoTime()) / 1_000_000;
                if (rest <= 0) {
                    return false;
                }
                wait(rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return true;
    }

    /** Numbers of all that Kafka has assigned, whether they can be relied upon or not. */
    synchronized Set<Integer> assignedNow() {
        return new TreeSet<>(assigned);
    }

    /** What Kafka tells of the group. */
    synchronized void seen(GroupView now) {
        view = now;
        heardAtNanos = nanoTime.getAsLong();
    }

    /** Kafka has answered, but the group is just being put in order: what was known of it holds. */
    synchronized void heard() {
        heardAtNanos = nanoTime.getAsLong();
    }

    private boolean isFresh() {
        return joined && nanoTime.getAsLong() - heardAtNanos < session.toNanos();
    }

    private boolean owns(int partition) {
        return assigned.contains(partition)
                && isFresh()
                && view.owner(partition).map(owner -> owner.id().equals(id)).orElse(true);
    }

    /** Whether what is being read is owned as a whole. */
    public synchronized boolean ownsWhatIsRead() {
        return running.flatMap(Share::partitions)
                .map(numbers -> numbers.stream().allMatch(this::owns))
                .orElse(false);
    }

    /** Numbers of the partitions that this service owns. */
    public synchronized Set<Integer> owned() {
        Set<Integer> owned = new TreeSet<>();
        assigned.stream().filter(this::owns).forEach(owned::add);
        return owned;
    }

    /** Those of them that are still being read up to their end. */
    public synchronized Set<Integer> catchingUp() {
        Set<Integer> behind = owned();
        behind.removeAll(caughtUp);
        return behind;
    }

    /** How many partitions each topic has; 0: not known yet. */
    public synchronized int partitions() {
        return partitions;
    }

    /** All services, as far as known. */
    public synchronized GroupView view() {
        return view;
    }

    /** Where a run is answered for. */
    public synchronized Route route(String runId) {
        if (partitions == 0 || !joined) {
            return new Route.Nowhere("this service is joining its group", 2);
        }
        return route(partitionOf(runId, partitions));
    }

    /** The same for all runs of a partition. */
    public synchronized Route route(int partition) {
        if (owns(partition)) {
            return caughtUp.contains(partition)
                    ? new Route.Here()
                    : new Route.Nowhere(
                            "partition " + partition + " has come to this service, which is still reading it"
                                    + " up to its end",
                            2);
        }
        if (!isFresh()) {
            return new Route.Nowhere(
                    "Kafka has not been heard of for " + session.toSeconds() + " s, so others may own what this service"
                            + " owned",
                    5);
        }
        return view.owner(partition)
                .filter(owner -> !owner.id().equals(id))
                .<Route>map(Route.There::new)
                .orElseGet(() -> new Route.Nowhere("partition " + partition + " is being given to a service", 1));
    }

    @Override
    public synchronized Share current() {
        if (!isFresh() || partitions == 0) {
            return Share.NOTHING;
        }
        Set<Integer> owned = owned();
        if (share.equals(Share.NOTHING) || !share.partitions().equals(Optional.of(owned))) {
            int number = partitions;
            share = new Share(Optional.of(Set.copyOf(owned)), runId -> owned.contains(partitionOf(runId, number)));
        }
        return share;
    }

    @Override
    public synchronized boolean begin(Share begun) {
        if (!current().equals(begun)) {
            return false;
        }
        running = Optional.of(begun);
        return true;
    }

    @Override
    public synchronized void ended() {
        running = Optional.empty();
        notifyAll();
    }

    @Override
    public synchronized void caughtUp(Share read, Set<Integer> numbers) {
        if (current().equals(read)) {
            caughtUp.addAll(numbers);
        }
    }
}
