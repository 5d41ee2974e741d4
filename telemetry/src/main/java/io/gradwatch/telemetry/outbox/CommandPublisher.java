package io.gradwatch.telemetry.outbox;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.TrainerState;
import io.gradwatch.telemetry.control.CommandLog;
import io.gradwatch.telemetry.ingest.TrainerStateLog;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends commands on a thread of its own, in the order in which they come, each once: whoever asks is told if it fails. */
public final class CommandPublisher implements CommandLog, TrainerStateLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandPublisher.class);

    private final EnvelopeSender sender;
    private final Clock clock;

    /** Publishes through a producer made by {@code producers} when there is something to send. */
    public CommandPublisher(Supplier<Producer<byte[], byte[]>> producers, Clock clock) {
        this.sender = new EnvelopeSender(Topic.COMMANDS, "commands", producers);
        this.clock = clock;
    }

    @Override
    public CompletionStage<Void> append(String runId, int attempt, Command command) {
        return sender.send(envelope(runId, attempt).setCommand(command).build()).thenAccept(place -> {});
    }

    @Override
    public void append(String runId, int attempt, TrainerState state) {
        var unused = sender.send(envelope(runId, attempt).setTrainerState(state).build())
                .exceptionally(e -> {
                    LOG.warn("That run {} is {} did not reach Kafka: {}", runId, state.getState(), e.toString());
                    return null;
                });
    }

    private Envelope.Builder envelope(String runId, int attempt) {
        return Envelope.newBuilder()
                .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                .setRunId(runId)
                .setAttempt(attempt)
                .setProducedAtMs(clock.millis());
    }

    /** Sends what is under way, for half a second at most. */
    @Override
    public void close() {
        sender.close();
    }
}
