package io.gradwatch.telemetry.drill;

import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Compares a history, of which the service has ended, with the whole log, record by record. Arguments: bootstrap, data
 * directory. Exit code 1 when they differ.
 */
public final class CompareWithLog {
    private static final int PIECE = 500;

    private CompareWithLog() {}

    public static void main(String[] a) throws Exception {
        Map<String, List<IterationRecord>> log = log(a[0]);
        long equal = 0;
        long differing = 0;
        try (History history = History.open(Path.of(a[1], "history"), Clock.systemUTC())) {
            for (Map.Entry<String, List<IterationRecord>> run : log.entrySet()) {
                List<IterationRecord> kept = new ArrayList<>();
                long from = 0;
                while (true) {
                    List<IterationRecord> piece = history.records().range(run.getKey(), from, Long.MAX_VALUE, PIECE);
                    kept.addAll(piece);
                    if (piece.size() < PIECE) {
                        break;
                    }
                    from = piece.get(PIECE - 1).seq() + 1;
                }
                if (kept.equals(run.getValue())) {
                    equal += kept.size();
                } else {
                    differing++;
                    System.out.printf(
                            "%s: %d records in the log, %d in history%n",
                            run.getKey(), run.getValue().size(), kept.size());
                }
            }
            System.out.printf(
                    "%d runs, %d iterations equal, %d runs differ; history holds %d iterations, %d alerts not published%n",
                    log.size(),
                    equal,
                    differing,
                    history.service().iterations(),
                    history.writer().unpublished().size());
            if (differing > 0 || equal != history.service().iterations()) {
                System.exit(1);
            }
        }
    }

    /**
     * How far a history goes and whether that is what the log begins with: of each run, and by the offsets that are stored
     * beside the rows.
     */
    record Result(long iterations, long differing) {
        boolean isEqual() {
            return differing == 0;
        }

        @Override
        public String toString() {
            return String.format(
                    "history has %,d iterations, %s",
                    iterations, isEqual() ? "equal to the log" : differing + " differ");
        }
    }

    /** Compares a history that the service has left, in the midst of reading, with the part of the log up to its offsets. */
    static Result prefix(String bootstrap, Path data) throws Exception {
        long iterations = 0;
        long differing = 0;
        try (History history = History.open(data.resolve("history"), Clock.systemUTC())) {
            Map<Integer, Long> next = new TreeMap<>();
            history.writer().offsets().stream()
                    .filter(o -> o.topic().equals(Topic.ITERATIONS.topicName()))
                    .forEach(o -> next.put(o.partition(), o.nextOffset()));
            for (Map.Entry<String, List<IterationRecord>> run : log(bootstrap).entrySet()) {
                List<IterationRecord> expected = run.getValue().stream()
                        .filter(r -> r.seq() < next.getOrDefault(r.partition(), 0L))
                        .toList();
                long from = 0;
                int at = 0;
                while (at < expected.size()) {
                    List<IterationRecord> piece = history.records().range(run.getKey(), from, Long.MAX_VALUE, PIECE);
                    int size = piece.size();
                    if (size == 0 || !piece.equals(expected.subList(at, Math.min(expected.size(), at + size)))) {
                        differing++;
                        break;
                    }
                    at += size;
                    from = piece.get(size - 1).seq() + 1;
                }
                if (!history.records()
                        .range(run.getKey(), from, Long.MAX_VALUE, 1)
                        .isEmpty()) {
                    differing++;
                }
                iterations += expected.size();
            }
            differing += iterations == history.service().iterations() ? 0 : 1;
        }
        return new Result(iterations, differing);
    }

    private static Map<String, List<IterationRecord>> log(String bootstrap) {
        Map<String, List<IterationRecord>> runs = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.ITERATIONS.topicName()).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(r -> {
                    if (WireFormat.decode(r.value()) instanceof Decoded.Known known
                            && known.envelope().hasIteration()) {
                        Envelope e = known.envelope();
                        runs.computeIfAbsent(e.getRunId(), id -> new ArrayList<>())
                                .add(new IterationRecord(
                                        e.getRunId(),
                                        e.getAttempt(),
                                        r.partition(),
                                        r.offset(),
                                        e.getProducedAtMs(),
                                        e.getIteration()));
                    }
                });
            }
        }
        return runs;
    }
}
