package io.gradwatch.telemetry.group;

import io.gradwatch.contract.Topic;
import io.gradwatch.telemetry.ingest.KafkaSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a Kafka consumer group that reads nothing. Kafka tells it which partitions of {@code gradwatch.iterations} are its
 * service's; those of the same numbers in all other topics go with them. The service's address travels as the member's client
 * id, so that the others, and Kafka's own tools, can read it.
 */
public final class Membership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final String CLIENT = "gradwatch@";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration REVOKE = Duration.ofSeconds(8);
    private static final Duration CLOSE = Duration.ofSeconds(1);
    private static final long RETRY_MS = 1_000;
    private static final long LOOK_MS = 500;
    private static final long ANSWER_MS = 4_000;

    /** Where what cannot be put right without a person is told. */
    public interface Fatal {
        void because(String message);
    }

    private final KafkaSettings kafka;
    private final String group;
    private final String url;
    private final Ownership ownership;
    private final Fatal fatal;
    private final Thread thread = new Thread(this::run, "membership");
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread t = new Thread(task, "group-view");
        t.setDaemon(true);
        return t;
    });
    private volatile boolean closed;
    private volatile @Nullable Consumer<byte[], byte[]> present;
    private @Nullable Admin admin; // of the looking thread; closed behind its end

    /**
     * Not started yet.
     *
     * @param group name of the consumer group
     * @param url where the other services reach this one
     */
    public Membership(KafkaSettings kafka, String group, String url, Ownership ownership, Fatal fatal) {
        this.kafka = kafka;
        this.group = group;
        this.url = url;
        this.ownership = ownership;
        this.fatal = fatal;
        thread.setDaemon(true);
    }

    /** Joins the group. */
    public void start() {
        thread.start();
        var unused = looking.scheduleWithFixedDelay(this::look, 0, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    private void run() {
        boolean said = false;
        while (!closed) {
            try (Consumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(kafka.member(group, ownership.id(), CLIENT + url))) {
                present = consumer;
                if (awaitTopics(consumer)) {
                    consumer.subscribe(List.of(Topic.ITERATIONS.topicName()), listener(consumer));
                }
                while (!closed) {
                    consumer.poll(POLL);
                    said = false;
                }
                consumer.close(CloseOptions.timeout(CLOSE));
            } catch (WakeupException e) {
                LOG.debug("Woken up to end", e);
            } catch (FencedInstanceIdException e) {
                fatal.because("another service of group " + group + " is reached at " + url
                        + ", too; accepted is an --advertise that no other has");
                return;
            } catch (UnequalTopicsException e) {
                fatal.because(String.valueOf(e.getMessage()));
                return;
            } catch (RuntimeException e) {
                if (!said) {
                    LOG.warn("Group {} cannot be joined at the moment, trying on: {}", group, e.toString());
                    said = true;
                }
                giveUp(ownership.assignedNow());
                pause();
            } finally {
                present = null;
            }
        }
    }

    /** Topics whose partitions do not go together. */
    private static final class UnequalTopicsException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnequalTopicsException(String message) {
            super(message);
        }
    }

    /** The service makes them when it starts; false: closed before. */
    private boolean awaitTopics(Consumer<byte[], byte[]> consumer) {
        while (!closed) {
            Map<String, Integer> sizes = new TreeMap<>();
            for (Topic topic : Topic.values()) {
                List<PartitionInfo> known = consumer.partitionsFor(topic.topicName());
                sizes.put(topic.topicName(), known == null ? 0 : known.size());
            }
            if (!sizes.containsValue(0)) {
                if (Set.copyOf(sizes.values()).size() > 1) {
                    throw new UnequalTopicsException("the topics have different numbers of partitions (" + sizes
                            + "), so a run is not in the same partition of all; accepted is the same number for all, or a"
                            + " service without --group");
                }
                ownership.topics(sizes.values().iterator().next());
                return true;
            }
            pause();
        }
        return false;
    }

    private ConsumerRebalanceListener listener(Consumer<byte[], byte[]> consumer) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                consumer.pause(partitions);
                LOG.info("Group {} gives this service partitions {}", group, numbers(partitions));
                ownership.assigned(numbers(partitions));
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                if (!partitions.isEmpty()) {
                    LOG.info("Group {} takes partitions {} from this service", group, numbers(partitions));
                    giveUp(numbers(partitions));
                }
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                LOG.warn("Partitions {} belong to other services of group {} now", numbers(partitions), group);
                giveUp(numbers(partitions));
            }
        };
    }

    private void giveUp(Set<Integer> numbers) {
        if (!ownership.revoked(numbers, REVOKE)) {
            LOG.warn("Partitions {} were not let go of within {}", numbers, REVOKE);
        }
    }

    private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).collect(Collectors.toSet());
    }

    private void look() {
        try {
            Admin asked = admin;
            if (asked == null) {
                asked = Admin.create(kafka.admin());
                admin = asked;
            }
            ConsumerGroupDescription found = asked.describeConsumerGroups(List.of(group))
                    .all()
                    .get(ANSWER_MS, TimeUnit.MILLISECONDS)
                    .get(group);
            if (found != null && found.groupState() == GroupState.STABLE) {
                ownership.seen(new GroupView(
                        found.members().stream().map(Membership::member).toList()));
            } else {
                ownership.heard();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                ownership.heard();
            } else {
                LOG.debug("Group {} cannot be looked at", group, e);
            }
        } catch (TimeoutException | RuntimeException e) {
            LOG.debug("Group {} cannot be looked at", group, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Member member(MemberDescription description) {
        String client = description.clientId();
        return new Member(
                description.groupInstanceId().orElse(description.consumerId()),
                client.startsWith(CLIENT) ? client.substring(CLIENT.length()) : "",
                numbers(description.assignment().topicPartitions()));
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the threads. The group keeps the member's place for a session's time. Blocks, for some seconds at most. */
    @Override
    public void close() {
        closed = true;
        Consumer<byte[], byte[]> consumer = present;
        if (consumer != null) {
            consumer.wakeup();
        }
        looking.shutdownNow();
        try {
            thread.join(CLOSE.toMillis() + RETRY_MS);
            if (looking.awaitTermination(RETRY_MS, TimeUnit.MILLISECONDS) && admin != null) {
                admin.close(CLOSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
