package io.gradwatch.benchmarks.drill;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.listener.publish.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Spoilt records on every topic that is read, among those of good runs. */
final class FuzzedRecords implements Scenario {
    private static final long RECORDS = Long.getLong("records", 1_000_000);
    private static final int RUNS = 2;
    private static final double PER_SECOND = 20;
    private static final String BAD = "fuzz-";
    private static final int BAD_RUNS = 8;
    /** Of every ten spoilt records so many are among the iterations; the others among what else is read. */
    private static final int AMONG_ITERATIONS = 8;

    @Override
    public String title() {
        return String.format("%,d spoilt records among those of %d good runs", RECORDS, RUNS);
    }

    @Override
    public Report run(Stage stage) throws Exception {
        Report.Facts facts = new Report.Facts();
        Stage.Service service = stage.up();
        List<Load> loads = stage.loads(service.kafka(), service.api(), "good", RUNS, PER_SECOND, Load.Shape.SMALL);
        List<String> runs = loads.stream().map(Load::id).toList();
        Watch watch = new Watch(stage, service, runs);
        watch.awaitHeld(100);

        stage.say("sending %,d spoilt records", RECORDS);
        long since = System.nanoTime();
        long failed = send(service.kafka());
        double sent = (System.nanoTime() - since) / 1e9;
        stage.say("sent in %.1f s", sent);
        for (Load load : loads) {
            Delivery delivery = load.end(Stage.PATIENCE);
            facts.must(delivery.complete(), load.id() + ": " + delivery);
        }
        Wait.until("the service has read everything", Stage.PATIENCE.multipliedBy(5), () -> lag(service) == 0);
        double read = (System.nanoTime() - since) / 1e9;
        List<Tally> tallies = new ArrayList<>(watch.count());

        TheLog.Content content = service.log().read();
        JsonNode ingest = service.api().json("/api/v1/status").get("ingest");
        facts.must(failed == 0, failed + " spoilt records could not be sent");
        facts.fact("sent and read", "sent in %.0f s, read to the end %.0f s after the first one", sent, read);
        facts.fact(
                "set aside",
                "%,d malformed (kept in quarantine), %,d of a type that is not known, of %,d records read",
                ingest.get("malformed").asLong(),
                ingest.get("unknown").asLong(),
                ingest.get("records").asLong());
        facts.fact(
                "among the iterations",
                "%,d records, of which the contract refuses %,d and does not know %,d",
                content.records(),
                content.malformed(),
                content.unknown());
        facts.must(
                ingest.get("malformed").asLong() + ingest.get("unknown").asLong()
                        >= content.malformed() + content.unknown(),
                "the service set fewer records aside than the contract refuses");
        long readable = 0;
        Map<String, List<Row>> bad = new TreeMap<>(content.runs());
        bad.keySet().removeAll(runs);
        for (List<Row> rows : bad.values()) {
            readable += rows.size();
        }
        facts.fact(
                "still readable", "%,d spoilt records of %d runs, as far as they are in history", readable, bad.size());
        facts.must(
                watch.page().complaints().isEmpty(),
                "the page's scripts failed: " + watch.page().complaints());
        return facts.report(tallies);
    }

    private static long lag(Stage.Service service) throws Exception {
        return (long) service.api().metric("gradwatch_ingest_lag_records");
    }

    private static long send(String bootstrap) {
        AtomicLong failed = new AtomicLong();
        Random random = new Random(2);
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < BAD_RUNS; i++) {
            runs.add(BAD + i);
        }
        Fuzz fuzz = new Fuzz(3, Set.copyOf(runs));
        Topic[] others = {Topic.RUNS, Topic.EPOCHS, Topic.HISTOGRAMS, Topic.COMMANDS, Topic.ANNOTATIONS};
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "acks",
                "all",
                "compression.type",
                "lz4",
                "linger.ms",
                20,
                "batch.size",
                262_144);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long i = 0; i < RECORDS; i++) {
                String run = runs.get(random.nextInt(runs.size()));
                Envelope good = Load.envelope(run)
                        .setIteration(Load.iteration(random, i))
                        .build();
                Topic topic = random.nextInt(10) < AMONG_ITERATIONS
                        ? Topic.ITERATIONS
                        : others[random.nextInt(others.length)];
                // a compacted topic wants keys
                byte[] key = random.nextInt(20) == 0 && !topic.configuration().containsValue("compact")
                        ? null
                        : WireFormat.key(run);
                var unused = producer.send(
                        new ProducerRecord<>(topic.topicName(), key, fuzz.spoil(good)), (metadata, problem) -> {
                            if (problem != null) {
                                failed.incrementAndGet();
                            }
                        });
            }
        }
        return failed.get();
    }
}
