package io.gradwatch.listener.publish;

import com.google.protobuf.InvalidProtocolBufferException;
import io.gradwatch.contract.v1.Envelope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** A sink in memory that does as it is told. Opens itself, any number of times. */
public final class FakeSink implements Sink, Sink.Factory {
    private record Held(Envelope envelope, Completion completion) {}

    private final List<Envelope> log = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private Function<Envelope, Handover> answer = envelope -> Handover.TAKEN;
    private boolean holding;
    private int opened;
    private int closed;
    private CountDownLatch gate = new CountDownLatch(0);
    private final CountDownLatch reached = new CountDownLatch(1);

    /** Makes a publisher that writes here, started. */
    public Publisher publisher(Envelope started, int capacity) {
        Publisher publisher = new Publisher(this, started, capacity, Duration.ofMillis(1));
        publisher.start();
        return publisher;
    }

    /** From now on, what becomes of an offer. */
    public synchronized FakeSink answering(Function<Envelope, Handover> answer) {
        this.answer = answer;
        return this;
    }

    /** From now on records are taken, but not acknowledged. */
    public synchronized FakeSink hold() {
        holding = true;
        return this;
    }

    /** Acknowledges what is held, and everything from now on. */
    public void release() {
        List<Held> now;
        synchronized (this) {
            holding = false;
            now = List.copyOf(held);
            held.clear();
            now.forEach(record -> log.add(record.envelope()));
        }
        now.forEach(record -> record.completion().done(null));
    }

    /** Fails what is held. */
    public void fail(Exception cause) {
        List<Held> now;
        synchronized (this) {
            now = List.copyOf(held);
            held.clear();
        }
        now.forEach(record -> record.completion().done(cause));
    }

    /** From now on every offer blocks until {@link #unblock}. */
    public synchronized FakeSink block() {
        gate = new CountDownLatch(1);
        return this;
    }

    public synchronized void unblock() {
        gate.countDown();
    }

    /** Waits until an offer has come. */
    public void awaitOffer() throws InterruptedException {
        reached.await();
    }

    /** What was acknowledged, in order. */
    public synchronized List<Envelope> log() {
        return List.copyOf(log);
    }

    public synchronized List<Long> iterations() {
        return log.stream()
                .filter(Envelope::hasIteration)
                .map(envelope -> envelope.getIteration().getIteration())
                .toList();
    }

    public synchronized int held() {
        return held.size();
    }

    public synchronized int opened() {
        return opened;
    }

    public synchronized int closed() {
        return closed;
    }

    @Override
    public synchronized Sink open() {
        opened++;
        return this;
    }

    @Override
    public Handover offer(Outgoing item, Completion completion) {
        Envelope envelope;
        try {
            envelope = Envelope.parseFrom(item.value);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        CountDownLatch wait;
        synchronized (this) {
            wait = gate;
        }
        reached.countDown();
        try {
            wait.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Handover.BUSY;
        }
        synchronized (this) {
            Handover handover = answer.apply(envelope);
            if (handover != Handover.TAKEN) {
                return handover;
            }
            if (holding) {
                held.add(new Held(envelope, completion));
                return handover;
            }
            log.add(envelope);
        }
        completion.done(null);
        return Handover.TAKEN;
    }

    @Override
    public String problem() {
        return "as told";
    }

    @Override
    public void close(Duration timeout) {
        synchronized (this) {
            closed++;
        }
        fail(new IllegalStateException("closed"));
    }
}
