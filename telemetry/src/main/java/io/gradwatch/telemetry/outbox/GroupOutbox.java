package io.gradwatch.telemetry.outbox;

import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.ingest.AlertOutbox;
import io.gradwatch.telemetry.ingest.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the alerts of the partitions that a service owns at the moment. What is judged follows from the log alone, so the
 * next owner comes to the same transitions: those that are on the topic already count as published, whoever sent them. For the
 * ingest thread.
 */
public final class GroupOutbox implements AlertOutbox {
    private static final Logger LOG = LoggerFactory.getLogger(GroupOutbox.class);
    private static final Duration DRAIN = Duration.ofSeconds(3);

    private final AlertPublisher next;
    private final Function<Set<Integer>, Set<OutboxAlert.Key>> topic;
    private final BooleanSupplier owner;
    private final Set<OutboxAlert.Key> published = new HashSet<>();
    private final List<OutboxAlert.Key> acknowledged = new ArrayList<>();
    private final List<OutboxAlert> held = new ArrayList<>();

    /**
     * @param topic reads which transitions some partitions of the topic hold now; may block
     * @param owner whether this service owns, as far as it can know, what it was given
     */
    public GroupOutbox(AlertPublisher next, Function<Set<Integer>, Set<OutboxAlert.Key>> topic, BooleanSupplier owner) {
        this.next = next;
        this.topic = topic;
        this.owner = owner;
    }

    @Override
    public void begin(Share share) {
        published.clear();
        published.addAll(topic.apply(share.partitions().orElse(Set.of())));
    }

    @Override
    public void publish(List<OutboxAlert> transitions) {
        List<OutboxAlert> open = new ArrayList<>();
        for (OutboxAlert transition : transitions) {
            if (published.contains(transition.key())) {
                acknowledged.add(transition.key());
            } else {
                open.add(transition);
            }
        }
        held.addAll(open);
        publishHeld();
    }

    private void publishHeld() {
        if (!held.isEmpty() && owner.getAsBoolean()) {
            next.publish(List.copyOf(held));
            held.clear();
        }
    }

    @Override
    public List<OutboxAlert.Key> takeAcknowledged() {
        publishHeld();
        List<OutboxAlert.Key> sent = next.takeAcknowledged();
        published.addAll(sent);
        List<OutboxAlert.Key> all = new ArrayList<>(acknowledged);
        all.addAll(sent);
        acknowledged.clear();
        return all;
    }

    @Override
    public void end() {
        if (!next.drain(DRAIN)) {
            LOG.warn("Kafka did not take all alerts within {}; the next owner publishes the rest", DRAIN);
        }
        acknowledged.clear();
        held.clear();
        var unused = next.takeAcknowledged(); // the next to begin finds them on the topic
    }
}
