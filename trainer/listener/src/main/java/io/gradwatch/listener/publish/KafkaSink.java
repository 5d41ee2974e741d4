package io.gradwatch.listener.publish;

import io.gradwatch.listener.publish.Sink.Handover;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka producer as a {@link Sink}.
 *
 * <p>The producer reports two kinds of failure through one callback: before it has accepted a record (no metadata yet,
 * buffer full), while {@code send} runs and on the sending thread; and after, from its own thread. Only the first kind
 * may be offered again: the second would risk the same record twice.
 */
final class KafkaSink implements Sink {
    private final Producer<byte[], byte[]> producer;
    private volatile @Nullable String broken;
    private String problem = "";

    KafkaSink(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /** Opens a producer with these properties on every call. */
    static Sink.Factory factory(Map<String, Object> properties) {
        return () ->
                new KafkaSink(new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    @Override
    public Handover offer(Outgoing item, Completion completion) {
        String why = broken;
        if (why != null) {
            problem = why;
            return Handover.BROKEN;
        }
        Attempt attempt = new Attempt(completion);
        try {
            var ignored = producer.send(
                    new ProducerRecord<>(item.topic.topicName(), null, item.producedAtMillis, item.key, item.value),
                    (metadata, failure) -> attempt.called(failure));
            Objects.requireNonNull(ignored);
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
            return refusedBy(Handover.BUSY, e);
        } catch (KafkaException | IllegalStateException e) {
            return refusedBy(Handover.BROKEN, e);
        }
        Exception failure = attempt.sent();
        if (failure == null) {
            return Handover.TAKEN;
        }
        if (failure instanceof RecordTooLargeException || failure instanceof InvalidTopicException) {
            return refusedBy(Handover.REFUSED, failure);
        }
        return refusedBy(failure instanceof RetriableException ? Handover.BUSY : Handover.BROKEN, failure);
    }

    private Handover refusedBy(Handover handover, Exception cause) {
        problem = String.valueOf(cause.getMessage());
        return handover;
    }

    @Override
    public String problem() {
        return problem;
    }

    @Override
    public void close(Duration timeout) {
        producer.close(timeout);
    }

    /** Tells the callback on the sending thread, while it sends, from the one that comes later. */
    private final class Attempt {
        private final Thread sender = Thread.currentThread();
        private final Completion completion;
        private boolean sending = true; // the sender's
        private @Nullable Exception early; // the sender's

        Attempt(Completion completion) {
            this.completion = completion;
        }

        void called(@Nullable Exception failure) {
            if (failure != null && Thread.currentThread() == sender && sending) {
                early = failure;
                return;
            }
            if (failure instanceof AuthenticationException
                    || failure instanceof AuthorizationException
                    || failure instanceof ProducerFencedException
                    || failure instanceof UnsupportedVersionException) {
                broken = String.valueOf(failure.getMessage());
            }
            completion.done(failure);
        }

        @Nullable
        Exception sent() {
            sending = false;
            return early;
        }
    }
}
