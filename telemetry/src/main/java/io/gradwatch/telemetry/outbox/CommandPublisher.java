package io.gradwatch.telemetry.outbox;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.telemetry.control.CommandLog;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;

/** Sends commands on a thread of its own, in the order in which they come, each once: whoever asks is told if it fails. */
public final class CommandPublisher implements CommandLog, AutoCloseable {
    private final EnvelopeSender sender;
    private final Clock clock;

    /** Publishes through a producer made by {@code producers} when there is something to send. */
    public CommandPublisher(Supplier<Producer<byte[], byte[]>> producers, Clock clock) {
        this.sender = new EnvelopeSender(Topic.COMMANDS, "commands", producers);
        this.clock = clock;
    }

    @Override
    public CompletionStage<Void> append(String runId, int attempt, Command command) {
        return sender.send(Envelope.newBuilder()
                        .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                        .setRunId(runId)
                        .setAttempt(attempt)
                        .setProducedAtMs(clock.millis())
                        .setCommand(command)
                        .build())
                .thenAccept(place -> {});
    }

    /** Sends what is under way, for half a second at most. */
    @Override
    public void close() {
        sender.close();
    }
}
