package io.gradwatch.telemetry.ingest;

import io.gradwatch.contract.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The brokers through Kafka's administrative client, asked every two seconds by a thread of its own. */
final class KafkaCluster implements Cluster {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaCluster.class);
    private static final long EVERY_MS = 2_000;
    private static final long ANSWER_MS = 6_000;

    private final KafkaSettings settings;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread t = new Thread(task, "kafka-watch");
        t.setDaemon(true);
        return t;
    });
    private final Object lock = new Object();
    private @Nullable Admin admin; // guarded by lock
    private boolean closed; // guarded by lock
    private volatile boolean connected;

    KafkaCluster(KafkaSettings settings) {
        this.settings = settings;
    }

    /** Begins to ask. */
    KafkaCluster started() {
        var unused = thread.scheduleWithFixedDelay(this::ask, 0, EVERY_MS, TimeUnit.MILLISECONDS);
        return this;
    }

    @Override
    public String prepare() {
        Admin admin = admin();
        String id = answer(admin.describeCluster().clusterId());
        Set<String> existing = answer(admin.listTopics().names());
        Optional<String> sibling = List.of(Topic.values()).stream()
                .map(Topic::topicName)
                .filter(existing::contains)
                .findFirst();
        int partitions = sibling.map(name -> partitions(admin, name)).orElse(settings.partitions());
        List<NewTopic> missing = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            if (!existing.contains(topic.topicName())) {
                missing.add(new NewTopic(topic.topicName(), Optional.of(partitions), Optional.empty())
                        .configs(topic.configuration()));
            }
        }
        create(admin, missing);
        connected = true;
        return id;
    }

    private static void create(Admin admin, List<NewTopic> missing) {
        Set<String> created = new HashSet<>();
        admin.createTopics(missing).values().forEach((name, future) -> {
            try {
                answer(future);
                created.add(name);
            } catch (TopicExistsException e) {
                LOG.debug("Another process has created {} meanwhile", name, e);
            }
        });
        if (!created.isEmpty()) {
            LOG.info("Created topics {}", created);
        }
    }

    private static int partitions(Admin admin, String topic) {
        TopicDescription description =
                answer(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
        return description.partitions().size();
    }

    @Override
    public boolean isConnected() {
        return connected;
    }

    private void ask() {
        try {
            answer(admin().describeCluster().clusterId());
            connected = true;
        } catch (RuntimeException e) {
            connected = false;
            LOG.debug("Kafka does not answer", e);
        }
    }

    private Admin admin() {
        synchronized (lock) {
            if (closed) {
                throw new KafkaException("closed");
            }
            Admin present = admin;
            if (present == null) {
                present = Admin.create(settings.admin());
                admin = present;
            }
            return present;
        }
    }

    private static <T> T answer(@Nullable KafkaFuture<T> future) {
        if (future == null) {
            throw new KafkaException("Kafka did not speak of what it was asked");
        }
        try {
            return future.get(ANSWER_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException k ? k : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("Kafka did not answer within " + ANSWER_MS + " ms", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        synchronized (lock) {
            closed = true;
            if (admin != null) {
                admin.close(Duration.ofMillis(300));
            }
        }
    }
}
