package io.gradwatch.telemetry.outbox;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.AuditRecord;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.telemetry.audit.AuditLog;
import java.time.Clock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends audit records on a thread of its own, and writes them into the service's log, where they are if Kafka does not answer. */
public final class AuditPublisher implements AuditLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditPublisher.class);

    private final EnvelopeSender sender;
    private final Clock clock;

    /** Publishes through a producer made by {@code producers} when there is something to send. */
    public AuditPublisher(Supplier<Producer<byte[], byte[]>> producers, Clock clock) {
        this.sender = new EnvelopeSender(Topic.AUDIT, "audit", producers);
        this.clock = clock;
    }

    @Override
    public void append(String runId, AuditRecord record) {
        LOG.info(
                "audit: {} who={} role={} address={} status={} detail={} reason={}",
                record.getAction(),
                record.getWho(),
                record.getRole(),
                record.getAddress(),
                record.getStatus(),
                oneLine(record.getDetail()),
                oneLine(record.getReason()));
        var unused = sender.send(Envelope.newBuilder()
                        .setSchemaVersion(WireFormat.SCHEMA_VERSION)
                        .setRunId(runId)
                        .setAttempt(1)
                        .setProducedAtMs(clock.millis())
                        .setAuditRecord(record)
                        .build())
                .exceptionally(e -> {
                    LOG.error(
                            "An audit record did not reach Kafka ({}): {} by {} from {}, status {}",
                            e,
                            record.getTarget(),
                            record.getWho(),
                            record.getAddress(),
                            record.getStatus());
                    return null;
                });
    }

    /** What comes from outside forges no lines. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    /** Sends what is under way, for half a second at most. */
    @Override
    public void close() {
        sender.close();
    }
}
