package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The newest records of one run, ascending by sequence number. */
final class Ring {
    private final ArrayDeque<IterationRecord> records = new ArrayDeque<>();
    private long floor = Long.MAX_VALUE - 1;
    private long lastSeq = -1;

    boolean isEmpty() {
        return records.isEmpty();
    }

    int size() {
        return records.size();
    }

    /**
     * Every record of the run that is not in the ring and not newer than its last has a sequence number up to this, and is
     * in history. While the ring is empty that is every record there is.
     */
    long floor() {
        return floor;
    }

    /** Newest sequence number ever added; -1 before the first. */
    long lastSeq() {
        return lastSeq;
    }

    /** Adds a record, unless it is not newer than the last. */
    boolean add(IterationRecord record, int capacity) {
        if (record.seq() <= lastSeq) {
            return false;
        }
        if (records.isEmpty()) {
            floor = record.seq() - 1;
        }
        records.addLast(record);
        lastSeq = record.seq();
        trim(capacity);
        return true;
    }

    /** Forgets the oldest records beyond a number of at least 1. */
    void trim(int capacity) {
        while (records.size() > capacity) {
            floor = records.removeFirst().seq();
        }
    }

    /** Up to {@code limit} records from the oldest after {@code seq} on. */
    List<IterationRecord> after(long seq, int limit) {
        if (seq >= lastSeq) {
            return List.of();
        }
        List<IterationRecord> after = new ArrayList<>();
        for (IterationRecord record : records) {
            if (record.seq() > seq) {
                after.add(record);
                if (after.size() == limit) {
                    break;
                }
            }
        }
        return after;
    }

    int countFrom(long seq) {
        int count = 0;
        for (Iterator<IterationRecord> newestFirst = records.descendingIterator();
                newestFirst.hasNext() && newestFirst.next().seq() >= seq; ) {
            count++;
        }
        return count;
    }

    /** Sequence number of the n-th newest record; n from 1 to size. */
    long seqOfNewest(int n) {
        Iterator<IterationRecord> newestFirst = records.descendingIterator();
        for (int i = 1; i < n; i++) {
            newestFirst.next();
        }
        return newestFirst.next().seq();
    }
}
