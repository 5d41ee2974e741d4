package io.gradwatch.telemetry.republish;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/** Several sequences of records as one, by the time at which they were made. Each sequence keeps its own order. */
final class Merged implements Iterator<Stored> {
    private record Head(Stored record, Iterator<Stored> rest) {}

    private final PriorityQueue<Head> heads = new PriorityQueue<>(
            Comparator.comparingLong((Head h) -> h.record().envelope().getProducedAtMs())
                    .thenComparingInt(h -> h.record().rank()));

    Merged(List<Iterator<Stored>> sequences) {
        sequences.forEach(this::push);
    }

    private void push(Iterator<Stored> rest) {
        if (rest.hasNext()) {
            heads.add(new Head(rest.next(), rest));
        }
    }

    @Override
    public boolean hasNext() {
        return !heads.isEmpty();
    }

    @Override
    public Stored next() {
        Head head = heads.poll();
        if (head == null) {
            throw new NoSuchElementException();
        }
        push(head.rest());
        return head.record();
    }
}
