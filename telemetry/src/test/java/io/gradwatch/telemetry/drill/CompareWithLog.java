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
