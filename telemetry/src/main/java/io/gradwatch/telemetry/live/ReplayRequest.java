package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.replay.Align;
import io.gradwatch.telemetry.replay.Pace;
import java.util.List;
import java.util.OptionalLong;

/** What a client asks of a replay. */
sealed interface ReplayRequest extends Request {

    /**
     * @param id chosen by the client; empty: the service chooses
     * @param runs at least one; the first leads
     * @param at where it begins; empty: where the range does
     * @param conflate keeps the pace for a viewer who is too slow, by making one point of many
     */
    record Start(
            String id,
            List<String> runs,
            Align align,
            Range range,
            OptionalLong at,
            Pace pace,
            boolean paused,
            boolean conflate,
            MetricSet metrics)
            implements ReplayRequest {}

    /** A request to a replay that has been started. */
    sealed interface Control extends ReplayRequest {
        String id();
    }

    record Pause(String id) implements Control {}

    record Resume(String id) implements Control {}

    record Seek(String id, long iteration) implements Control {}

    record Speed(String id, Pace pace) implements Control {}

    /** @param iterations negative: back */
    record Step(String id, int iterations) implements Control {}

    record Bounds(String id, Range range) implements Control {}

    record Stop(String id) implements Control {}

    /**
     * What is played.
     *
     * @param from first iteration; empty: from the beginning of the recording
     * @param to the iteration before which it ends; empty: at the end of the recording
     * @param loop whether it begins again then
     */
    record Range(OptionalLong from, OptionalLong to, boolean loop) {}
}
