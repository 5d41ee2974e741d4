package io.gradwatch.system;

import static org.awaitility.Awaitility.await;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.LayerStatistics;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A run of two layers and an epoch that has finished, with a NaN and infinities in it. */
final class SmallRun {
    static final int ITERATIONS = 60;
    /** Just made: what is a week old is told to nobody any more. */
    private static final long ENDED_AT_MS = System.currentTimeMillis();

    private SmallRun() {}

    /** Publishes all of it; gives the partition of its iterations. */
    static int publish(String bootstrap, String runId) throws Exception {
        int partition = -1;
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "acks", "all");
        RunStarted.Builder started = RunStarted.newBuilder().setName(runId).setStartedAtMs(ENDED_AT_MS - 90_000);
        started.addLayersBuilder().setIndex(0).setName("one").setMainPath(true);
        started.addLayersBuilder().setIndex(1).setName("two").setMainPath(true);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            send(producer, Topic.RUNS, envelope(runId).setRunStarted(started));
            for (int i = 0; i < ITERATIONS; i++) {
                RecordMetadata sent = send(
                        producer,
                        Topic.ITERATIONS,
                        envelope(runId)
                                .setIteration(Iteration.newBuilder()
                                        .setIteration(i)
                                        .setLoss(i == 7 ? Float.NaN : 4.6f / (i + 1))
                                        .setLayers(LayerStatistics.newBuilder()
                                                .addMeanAbs(1e-12f * i)
                                                .addMeanAbs(0.1f)
                                                .addL2(i)
                                                .addL2(Float.POSITIVE_INFINITY))));
                partition = sent.partition();
            }
            send(
                    producer,
                    Topic.EPOCHS,
                    envelope(runId)
                            .setEpoch(Epoch.newBuilder()
                                    .setIteration(ITERATIONS - 1)
                                    .setTrainLoss(1.5f)));
            send(
                    producer,
                    Topic.RUNS,
                    envelope(runId)
                            .setRunEnded(RunEnded.newBuilder()
                                    .setStarted(started)
                                    .setOutcome(RunEnded.Outcome.FINISHED)
                                    .setEndedAtMs(ENDED_AT_MS)));
        }
        return partition;
    }

    /** Waits until the service has all of it. */
    static void awaitFinished(Api api, String runId) {
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> api.json("/api/v1/runs/" + runId)
                                .get("state")
                                .asText()
                                .equals("finished")
                        && api.json("/api/v1/runs/" + runId).get("iteration").asInt() == ITERATIONS - 1
                        && api.json("/api/v1/runs/" + runId + "/epochs")
                                        .get("items")
                                        .size()
                                == 1);
    }

    private static RecordMetadata send(KafkaProducer<byte[], byte[]> producer, Topic topic, Envelope.Builder envelope)
            throws Exception {
        Envelope record = envelope.build();
        return producer.send(new ProducerRecord<>(
                        topic.topicName(), WireFormat.key(record.getRunId()), WireFormat.encode(record)))
                .get();
    }

    private static Envelope.Builder envelope(String runId) {
        return Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(runId)
                .setAttempt(1)
                .setProducedAtMs(ENDED_AT_MS - 60_000);
    }
}
