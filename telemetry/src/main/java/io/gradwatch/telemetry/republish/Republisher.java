package io.gradwatch.telemetry.republish;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.telemetry.replay.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends a run's records again. For one thread, which {@link #run} keeps until everything has been sent. */
public final class Republisher {
    private static final long PROGRESS_MS = 1000;
    private static final int PATIENCE_SECONDS = 30;

    private final Map<String, Object> source;
    private final Map<String, Object> target;
    private final HistoryRecords history;
    private final BooleanSupplier stopped;
    private final Consumer<Progress> progress;

    /**
     * How far it is.
     *
     * @param records acknowledged by the brokers
     * @param iterations of them
     * @param seconds since it began
     */
    public record Progress(long records, long iterations, double seconds, boolean finished) {}

    /**
     * Prepares it; nothing is read or sent before {@link #run}.
     *
     * @param source settings of Kafka's clients for the log
     * @param target the same for where it goes
     * @param serviceUrl address of the service, which knows what the log has lost
     * @param stopped asked all the time; true ends it cleanly
     * @param progress told about once a second, and at the end
     */
    public Republisher(
            Map<String, Object> source,
            Map<String, Object> target,
            String serviceUrl,
            BooleanSupplier stopped,
            Consumer<Progress> progress) {
        this.source = Map.copyOf(source);
        this.target = Map.copyOf(target);
        this.history = new HistoryRecords(serviceUrl);
        this.stopped = stopped;
        this.progress = progress;
    }

    /** What is wrong with a plan, if anything is, in a sentence that says what is accepted. */
    public static Optional<String> problemOf(Plan plan) {
        String topic = plan.topic();
        boolean own = topic == null
                || Arrays.stream(Topic.values()).anyMatch(t -> t.topicName().equals(topic));
        String as = plan.newRunId();
        if (own && as == null) {
            return Optional.of("these records would go onto Gradwatch's own topics, where run " + plan.runId()
                    + " is already; accepted is --to-topic with a topic of your own, or --as with a new run id");
        }
        if (as != null && as.equals(plan.runId())) {
            return Optional.of("--as is " + as + ", the run itself; accepted is the id of a run that is not there yet");
        }
        return Optional.empty();
    }

    /**
     * Sends everything; returns what was sent.
     *
     * @throws RepublishException when records cannot be read or sent, or the plan is refused
     */
    public Progress run(Plan plan) {
        problemOf(plan).ifPresent(problem -> {
            throw new RepublishException(problem);
        });
        try {
            if (plan.newRunId() != null && history.knows(plan.newRunId())) {
                throw new RepublishException(
                        "--as is " + plan.newRunId() + ", a run that is there already; accepted is a new run id");
            }
        } catch (IOException e) {
            throw new RepublishException("the service does not answer: " + e, e);
        }
        try (RunRecords records = new RunRecords(source, history, plan.runId())) {
            if (plan.topic() != null) {
                createIfMissing(plan.topic(), records.partitions());
            }
            return send(plan, records);
        } catch (KafkaException e) {
            throw new RepublishException("Kafka failed: " + e.getMessage(), e);
        }
    }

    private void createIfMissing(String topic, int partitions) {
        try (Admin admin = Admin.create(target)) {
            if (!admin.listTopics()
                    .names()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .contains(topic)) {
                admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                        .all()
                        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new RepublishException("topic " + topic + " cannot be made: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RepublishException("interrupted", e);
        }
    }

    private Progress send(Plan plan, RunRecords records) {
        Map<String, Object> c = new HashMap<>(target);
        c.put("acks", "all");
        c.put("enable.idempotence", true);
        c.putIfAbsent("linger.ms", 5);
        c.putIfAbsent("compression.type", "lz4");
        c.putIfAbsent("delivery.timeout.ms", 120_000);
        Pacer pacer = new Pacer(plan.pace());
        AtomicLong sent = new AtomicLong();
        AtomicLong iterations = new AtomicLong();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        long begun = System.nanoTime();
        long told = begun;
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(c, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            while (records.hasNext() && !stopped.getAsBoolean() && failure.get() == null) {
                Stored record = records.next();
                if (!plan.includes(record)) {
                    continue;
                }
                pacer.next(record.envelope().getProducedAtMs());
                for (long wait = pacer.waitNs(); wait > 0 && !stopped.getAsBoolean(); wait = pacer.waitNs()) {
                    LockSupport.parkNanos(wait);
                    told = tell(told, begun, sent, iterations);
                }
                if (stopped.getAsBoolean()) {
                    break;
                }
                boolean iteration = record.envelope().hasIteration();
                var unused = producer.send(message(plan, record), (metadata, problem) -> {
                    if (problem != null) {
                        failure.compareAndSet(null, problem);
                    } else {
                        sent.incrementAndGet();
                        iterations.addAndGet(iteration ? 1 : 0);
                    }
                });
                told = tell(told, begun, sent, iterations);
            }
            producer.flush();
        } finally {
            producer.close(Duration.ofSeconds(PATIENCE_SECONDS));
        }
        Exception problem = failure.get();
        if (problem != null) {
            throw new RepublishException(
                    "after " + sent + " records Kafka took no more: " + problem.getMessage(), problem);
        }
        Progress end = new Progress(sent.get(), iterations.get(), seconds(begun), true);
        progress.accept(end);
        return end;
    }

    private static ProducerRecord<byte[], byte[]> message(Plan plan, Stored record) {
        String topic = plan.topic() == null ? record.topic().topicName() : plan.topic();
        String as = plan.newRunId();
        return as == null
                ? new ProducerRecord<>(topic, WireFormat.key(plan.runId()), record.value())
                : new ProducerRecord<>(
                        topic,
                        WireFormat.key(as),
                        WireFormat.encode(
                                record.envelope().toBuilder().setRunId(as).build()));
    }

    private long tell(long told, long begun, AtomicLong sent, AtomicLong iterations) {
        long now = System.nanoTime();
        if (now - told < PROGRESS_MS * 1_000_000) {
            return told;
        }
        progress.accept(new Progress(sent.get(), iterations.get(), seconds(begun), false));
        return now;
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    /** When records are due, the first one at once. */
    private static final class Pacer {
        private static final long LONGEST_WAIT_NS = 100_000_000;

        private final @Nullable Pace pace;
        private long lastMadeAtMs = -1;
        private double dueNs;

        Pacer(@Nullable Pace pace) {
            this.pace = pace;
        }

        void next(long madeAtMs) {
            if (pace == null || lastMadeAtMs < 0) {
                dueNs = System.nanoTime();
            } else {
                dueNs += pace.gap(madeAtMs - lastMadeAtMs) / pace.factor() * 1e6;
            }
            lastMadeAtMs = madeAtMs;
        }

        /** Nanoseconds to wait now, and then to ask again; 0: it is due. */
        long waitNs() {
            return (long) Math.max(0, Math.min(LONGEST_WAIT_NS, dueNs - System.nanoTime()));
        }
    }
}
