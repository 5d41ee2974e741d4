package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One run as the hub knows it: its newest records, its viewers, and what they have not been told yet. */
final class LiveRun {
    final String id;
    final Ring ring = new Ring();
    final Set<Subscription> subscriptions = new LinkedHashSet<>();

    /** Arrived since the last tick. */
    private List<IterationRecord> fresh = new ArrayList<>();

    private long freshPrev = -1;
    private final FrameShape shape;

    /** Records ever published. */
    long published;

    long lastTickMs = Long.MIN_VALUE / 2;
    boolean tickDue;
    long lastActiveMs;

    /** Newest state that viewers have not been told; null when they know. */
    @Nullable
    JsonObject news;

    long lastNewsMs = Long.MIN_VALUE / 2;
    boolean newsDue;

    private final Limits limits;

    LiveRun(String id, Limits limits) {
        this.id = id;
        this.limits = limits;
        this.shape = new FrameShape(limits);
    }

    /** Whether the record was new. */
    boolean add(IterationRecord record) {
        long before = ring.lastSeq();
        if (!ring.add(record, limits.ringRecords())) {
            return false;
        }
        shape.see(record);
        published++;
        if (!subscriptions.isEmpty()) {
            if (fresh.isEmpty()) {
                freshPrev = before;
            }
            fresh.add(record);
        }
        return true;
    }

    boolean hasFresh() {
        return !fresh.isEmpty();
    }

    /**
     * Hands what has arrived since the last tick to every viewer; viewers with the same metrics get the same bytes.
     *
     * @return the stamp of the newest of it; empty when there was nothing
     */
    OptionalLong tick(long nowMs) {
        List<IterationRecord> records = fresh;
        fresh = new ArrayList<>();
        long prev = freshPrev;
        List<Subscription> viewers = List.copyOf(subscriptions);
        for (int from = 0; from < records.size(); ) {
            List<IterationRecord> chunk = chunk(records, from);
            Map<MetricSet, Buffer> shared = new HashMap<>();
            for (Subscription viewer : viewers) {
                viewer.offer(chunk, prev, shared, nowMs);
            }
            from += chunk.size();
            prev = chunk.get(chunk.size() - 1).seq();
        }
        return records.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(records.get(records.size() - 1).producedAtMs());
    }

    /** As many records as one frame may hold: of one attempt, and not too many bytes. */
    List<IterationRecord> chunk(List<IterationRecord> records, int from) {
        return shape.chunk(records, from);
    }

    FrameHead head(FrameHead.Source source, List<IterationRecord> records, long prev, long nowMs) {
        return shape.head(source, records, prev, nowMs);
    }
}
