package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.live.Recording.Kind;
import io.gradwatch.telemetry.live.Recording.Mark;
import io.gradwatch.telemetry.live.Recording.Place;
import io.gradwatch.telemetry.replay.Pace;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The text messages of a replay. */
final class ReplayMessages {
    private ReplayMessages() {}

    /** The answer to a start. */
    static String replaying(String replay, String align, boolean conflate, List<ReplayTrack> tracks) {
        JsonArray runs = new JsonArray();
        tracks.forEach(t -> runs.add(new JsonObject()
                .put("run", t.recording.view().run())
                .put("layers", t.recording.view().layers())
                .put("batchNorms", t.recording.view().batchNorms())
                .put("from", t.recording.firstIteration())
                .put("to", t.recording.lastIteration() + 1)
                .put("startedAtMs", t.recording.first().producedAtMs())));
        return message("replaying", replay)
                .put("align", align)
                .put("conflate", conflate)
                .put("longestPauseMs", Pace.LONGEST_PAUSE_MS)
                .put("runs", runs)
                .encode();
    }

    /** Forget what is shown: what follows begins at this place. */
    static String sought(String replay, List<ReplayTrack> tracks, List<ReplayTrack.Landing> landings) {
        JsonArray runs = new JsonArray();
        for (int i = 0; i < tracks.size(); i++) {
            runs.add(sought(tracks.get(i), landings.get(i)));
        }
        return message("sought", replay).put("runs", runs).encode();
    }

    private static JsonObject sought(ReplayTrack track, ReplayTrack.Landing landing) {
        long oldest = landing.backfill().stream()
                .mapToLong(r -> r.iteration().getIteration())
                .min()
                .orElse(track.recording.firstIteration());
        JsonObject json = new JsonObject()
                .put("run", track.runId)
                .put(
                        "older",
                        new JsonObject()
                                .put("from", track.recording.firstIteration())
                                .put("to", oldest));
        put(json, track.at());
        List<JsonObject> epochs = new ArrayList<>();
        Map<String, JsonObject> alerts = new LinkedHashMap<>();
        Map<String, JsonObject> commands = new LinkedHashMap<>();
        for (Mark mark : counting(track)) {
            switch (mark.kind()) {
                case EPOCH -> epochs.add(mark.body());
                case ALERT -> alerts.put(mark.subject(), mark.body());
                case COMMAND -> commands.put(mark.subject(), mark.body());
            }
        }
        return json.put("epochs", new JsonArray(epochs))
                .put("alerts", new JsonArray(List.copyOf(alerts.values())))
                .put("commands", new JsonArray(List.copyOf(commands.values())));
    }

    /** Epochs that an attempt up to the present one has replaced are not there any more. */
    private static List<Mark> counting(ReplayTrack track) {
        Place at = track.at();
        if (at == null) {
            return List.of();
        }
        return track.passed().stream()
                .filter(m -> m.kind() != Kind.EPOCH
                        || m.iteration() < track.recording.replacedFrom(m.attempt(), at.attempt()))
                .toList();
    }

    static String mark(String replay, String run, Mark mark) {
        String what = mark.kind().name().toLowerCase(Locale.ROOT);
        return message(what, replay).put("run", run).put(what, mark.body()).encode();
    }

    /**
     * How it goes.
     *
     * @param reached recorded milliseconds per millisecond lately; null while that cannot be told
     */
    static String status(
            String replay,
            String state,
            Pace pace,
            @Nullable Double reached,
            ReplayRequest.Range range,
            List<ReplayTrack> tracks) {
        JsonArray runs = new JsonArray();
        for (ReplayTrack track : tracks) {
            JsonObject run = new JsonObject().put("run", track.runId);
            put(run, track.at());
            runs.add(run);
        }
        return message("replay", replay)
                .put("state", state)
                .put("speed", pace.asRecorded() ? "recorded" : pace.factor())
                .put("reached", reached)
                .put("from", range.from().isPresent() ? range.from().getAsLong() : null)
                .put("to", range.to().isPresent() ? range.to().getAsLong() : null)
                .put("loop", range.loop())
                .put("runs", runs)
                .encode();
    }

    private static void put(JsonObject json, @Nullable Place at) {
        json.put("iteration", at == null ? null : at.iteration())
                .put("epoch", at == null ? null : at.epoch())
                .put("attempt", at == null ? null : at.attempt())
                .put("producedAtMs", at == null ? null : at.producedAtMs());
    }

    private static JsonObject message(String type, String replay) {
        return new JsonObject().put("type", type).put("replay", replay);
    }
}
