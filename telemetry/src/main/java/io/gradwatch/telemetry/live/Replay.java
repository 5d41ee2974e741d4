package io.gradwatch.telemetry.live;

import io.gradwatch.telemetry.live.Recording.Place;
import io.gradwatch.telemetry.live.ReplayTrack.Landing;
import io.gradwatch.telemetry.replay.Align;
import io.gradwatch.telemetry.replay.Axis;
import io.gradwatch.telemetry.replay.Playback;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replay of one viewer: stored runs through the frames of the live stream. What is shown when is the {@link
 * Playback}'s to say; here are the viewer's requests, the places sought, and the timer. All on the hub's context.
 */
final class Replay {
    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    private static final long LONGEST_WAIT_MS = 1000;
    private static final int SAMPLES = 9;

    private record Progress(long atMs, double playedMs) {}

    private final Viewer viewer;
    private final String id;
    private final ReplayRequest.Start request;
    private final String text;
    private final Backfill history;
    private final Limits limits;
    private final ReplayLimits replayLimits;
    private final HubContext hub;
    private final List<ReplayTrack> tracks = new ArrayList<>();
    private final ArrayDeque<Progress> progress = new ArrayDeque<>();

    private Playback playback;
    private ReplayRequest.Range range;
    /** Requests that came before the run was known. */
    private final List<Runnable> early = new ArrayList<>();

    private boolean begun;
    private boolean seeking;
    /** Where to go as soon as the place that is being sought has been reached. */
    private @Nullable Runnable seekNext;

    private boolean closed;
    private long statusTimer = -1;
    private long lastTickMs = Long.MIN_VALUE / 2;
    private long timerAtMs = Long.MAX_VALUE;
    private boolean moreIsDue;
    private boolean toldEnd;

    Replay(
            Viewer viewer,
            String id,
            ReplayRequest.Start request,
            String text,
            Backfill history,
            Limits limits,
            ReplayLimits replayLimits,
            HubContext hub) {
        this.viewer = viewer;
        this.id = id;
        this.request = request;
        this.text = text;
        this.history = history;
        this.limits = limits;
        this.replayLimits = replayLimits;
        this.hub = hub;
        this.range = request.range();
        this.playback = new Playback(List.of(new Axis(request.align(), 0)), request.pace());
    }

    String id() {
        return id;
    }

    Viewer viewer() {
        return viewer;
    }

    /** The message that asked for it. */
    String text() {
        return text;
    }

    int runs() {
        return request.runs().size();
    }

    boolean isInRange(long iteration) {
        return range.to().isEmpty() || iteration < range.to().getAsLong();
    }

    void start() {
        seeking = true;
        List<Future<Optional<Recording>>> asked =
                request.runs().stream().map(history::recording).toList();
        hub.when(
                Future.all(asked),
                all -> described(all.list()),
                cause -> failed(request.runs().get(0), cause));
    }

    private void described(List<Optional<Recording>> recordings) {
        if (closed) {
            return;
        }
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < recordings.size(); i++) {
            String run = request.runs().get(i);
            Optional<Recording> recording = recordings.get(i);
            if (recording.isEmpty() || recording.get().isEmpty()) {
                viewer.refuse(this, recording.isEmpty() ? Problem.unknownRun(run) : Problem.nothingRecorded(run));
                return;
            }
            Axis axis = new Axis(request.align(), recording.get().iterationsPerEpoch());
            axes.add(axis);
            tracks.add(new ReplayTrack(
                    this, i, recording.get(), run, axis, request.metrics(), history, limits, replayLimits, hub));
        }
        Optional<Problem> outside = outside("from", range.from())
                .or(() -> outside("to", range.to()))
                .or(() -> outside("at", request.at()));
        if (outside.isPresent()) {
            viewer.refuse(this, outside.get());
            return;
        }
        playback = new Playback(axes, request.pace());
        viewer.send(ReplayMessages.replaying(
                id, request.align().name().toLowerCase(Locale.ROOT), request.conflate(), tracks));
        statusTimer = hub.every(replayLimits.statusMs(), this::everyNow);
        seeking = false;
        if (!request.paused()) {
            playback.play(hub.tickingMs());
        }
        begun = true;
        request.at().ifPresentOrElse(at -> seek(at, Integer.MAX_VALUE), this::toStart);
        early.forEach(Runnable::run);
        early.clear();
    }

    /** Takes a request. */
    void control(ReplayRequest.Control asked, String asText) {
        long now = hub.tickingMs();
        if (!begun) {
            early.add(() -> control(asked, asText));
        } else if (asked instanceof ReplayRequest.Pause) {
            playback.pause(now);
            tell();
        } else if (asked instanceof ReplayRequest.Resume) {
            boolean over = playback.state() == Playback.State.ENDED;
            playback.play(now);
            progress.clear();
            if (over) {
                toStart();
            } else {
                tell();
                pump();
            }
        } else if (asked instanceof ReplayRequest.Speed speed) {
            playback.pace(speed.pace(), now);
            progress.clear();
            tell();
            pump();
        } else if (asked instanceof ReplayRequest.Seek seek) {
            Optional<Problem> outside = outside("iteration", OptionalLong.of(seek.iteration()));
            outside.ifPresentOrElse(
                    problem -> viewer.refuse(problem, asText), () -> seek(seek.iteration(), Integer.MAX_VALUE));
        } else if (asked instanceof ReplayRequest.Step step) {
            step(step.iterations(), now);
        } else if (asked instanceof ReplayRequest.Bounds bounds) {
            Optional<Problem> outside = outside("from", bounds.range().from())
                    .or(() -> outside("to", bounds.range().to()));
            outside.ifPresentOrElse(problem -> viewer.refuse(problem, asText), () -> within(bounds.range()));
        } else {
            viewer.stop(this);
            viewer.send(ReplayMessages.status(id, "stopped", playback.pace(), null, range, tracks));
        }
    }

    private Optional<Problem> outside(String field, OptionalLong iteration) {
        long first = tracks.stream()
                .mapToLong(t -> t.recording.firstIteration())
                .min()
                .orElse(0);
        long last = tracks.stream()
                .mapToLong(t -> t.recording.lastIteration())
                .max()
                .orElse(0);
        long most = field.equals("to") ? last + 1 : last;
        if (iteration.isEmpty() || (iteration.getAsLong() >= first && iteration.getAsLong() <= most)) {
            return Optional.empty();
        }
        return Optional.of(Problem.badRequest(
                field, field + " is " + iteration.getAsLong(), "an iteration of the run: " + first + " to " + most));
    }

    /** Plays within other bounds from now on, from where it is if that lies within them. */
    private void within(ReplayRequest.Range bounds) {
        range = bounds;
        Place at = tracks.get(0).at();
        if (at != null && at.iteration() >= bounds.from().orElse(0) && isInRange(at.iteration())) {
            seek(at.iteration(), at.attempt());
        } else {
            toStart();
        }
    }

    private void step(int iterations, long now) {
        Place at = tracks.get(0).at();
        if (iterations > 0) {
            playback.step(iterations, now);
            toldEnd = false;
            pump();
            return;
        }
        playback.pause(now);
        if (at == null) {
            tell();
            return;
        }
        seek(Math.max(tracks.get(0).recording.firstIteration(), at.iteration() + iterations), at.attempt());
    }

    /** Goes to where the range begins. */
    private void toStart() {
        long first = tracks.get(0).recording.firstIteration();
        long from = range.from().orElse(first);
        if (from > first) {
            seek(from - 1, Integer.MAX_VALUE);
        } else {
            go(() -> Future.succeededFuture(
                    tracks.stream().map(t -> Optional.<Place>empty()).toList()));
        }
    }

    /** Goes to a place of the first run as it was while {@code attempt} was its newest, and takes the others along. */
    private void seek(long iteration, int attempt) {
        go(() -> {
            ReplayTrack leader = tracks.get(0);
            return history.placeOf(leader.runId, attempt, iteration).compose(place -> {
                List<Future<Optional<Place>>> places = new ArrayList<>();
                places.add(Future.succeededFuture(place));
                for (ReplayTrack other : tracks.subList(1, tracks.size())) {
                    places.add(
                            place.isEmpty()
                                    ? Future.succeededFuture(Optional.empty())
                                    : placeBeside(leader, place.get(), other, iteration));
                }
                return Future.all(places).map(all -> all.<Optional<Place>>list());
            });
        });
    }

    private Future<Optional<Place>> placeBeside(ReplayTrack leader, Place place, ReplayTrack other, long iteration) {
        if (request.align() == Align.WALL) {
            long passed = place.producedAtMs() - leader.recording.first().producedAtMs();
            return history.placeAtTime(
                    other.runId, Integer.MAX_VALUE, other.recording.first().producedAtMs() + passed);
        }
        return history.placeOf(other.runId, Integer.MAX_VALUE, leader.axis.toward(other.axis, iteration));
    }

    private interface Places {
        Future<List<Optional<Place>>> find();
    }

    /** One place is sought at a time; of several that are wanted meanwhile, the last. */
    private void go(Places places) {
        if (seeking) {
            seekNext = () -> go(places);
            return;
        }
        seeking = true;
        Future<List<Landing>> landings = places.find().compose(found -> {
            List<Future<Landing>> all = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                all.add(tracks.get(i).land(found.get(i)));
            }
            return Future.all(all).map(done -> done.<Landing>list());
        });
        hub.when(landings, this::landed, cause -> failed(tracks.get(0).runId, cause));
    }

    private void landed(List<Landing> landings) {
        if (closed) {
            return;
        }
        seeking = false;
        Runnable next = seekNext;
        seekNext = null;
        if (next != null) {
            next.run();
            return;
        }
        Place leading = landings.get(0).place().orElse(null);
        for (int i = 0; i < tracks.size(); i++) {
            ReplayTrack track = tracks.get(i);
            Landing landing = landings.get(i);
            track.landed(landing);
            Place place = landing.place().orElse(null);
            if (place == null) {
                playback.restart(i, -1, 0, Double.NEGATIVE_INFINITY);
            } else {
                playback.restart(
                        i,
                        place.producedAtMs(),
                        passed(leading, track, place),
                        track.axis.of(place.iteration(), place.epoch()));
            }
        }
        toldEnd = false;
        progress.clear();
        viewer.send(ReplayMessages.sought(id, tracks, landings));
        tell();
        pump();
    }

    /** By wall time, how long ago the place of a run was when the first run was at its own. */
    private double passed(@Nullable Place leading, ReplayTrack track, Place place) {
        if (request.align() != Align.WALL || leading == null) {
            return 0;
        }
        long leaders = leading.producedAtMs() - tracks.get(0).recording.first().producedAtMs();
        return playback.pace().asRecorded()
                ? Math.max(
                        0,
                        leaders
                                - (place.producedAtMs()
                                        - track.recording.first().producedAtMs()))
                : 0;
    }

    void acknowledged(String run) {
        tracks.stream().filter(t -> t.runId.equals(run)).forEach(ReplayTrack::acknowledged);
        pump();
    }

    /** Sends what is due and can be taken, and sees to it that this is called again when there is more. */
    void pump() {
        if (closed || !begun) {
            return;
        }
        tracks.forEach(ReplayTrack::sendPending);
        if (seeking || tracks.stream().anyMatch(ReplayTrack::isCatchingUp)) {
            return;
        }
        long now = hub.tickingMs();
        playback.advance(now);
        if (!moreIsDue && now - lastTickMs < replayLimits.tickMs()) {
            again(lastTickMs + replayLimits.tickMs());
            return;
        }
        lastTickMs = now;
        Playback.State before = playback.state();
        moreIsDue = false;
        for (int i = 0; i < tracks.size(); i++) {
            ReplayTrack track = tracks.get(i);
            moreIsDue |= track.play(playback, request.conflate());
            track.readAhead(playback);
            moreIsDue |= playback.ahead(i) == 0 && !playback.isComplete(i);
        }
        finish(before);
        long wait = playback.untilDueMs();
        if (wait >= 0 && !moreIsDue) {
            again(now + Math.min(LONGEST_WAIT_MS, Math.max(replayLimits.tickMs(), wait)));
        }
    }

    private void finish(Playback.State before) {
        Playback.State after = playback.state();
        boolean allSent = tracks.stream().noneMatch(ReplayTrack::hasUnsent);
        if (after == Playback.State.ENDED && allSent && !toldEnd) {
            toldEnd = true;
            tell();
            if (range.loop()) {
                hub.after(replayLimits.statusMs(), () -> {
                    if (!closed && toldEnd && range.loop()) {
                        toStart();
                    }
                });
            }
        } else if (before == Playback.State.STEPPING && after == Playback.State.PAUSED) {
            tell();
        }
    }

    private void again(long atMs) {
        if (timerAtMs <= atMs) {
            return;
        }
        timerAtMs = atMs;
        hub.after(atMs - hub.tickingMs(), () -> {
            if (timerAtMs == atMs) {
                timerAtMs = Long.MAX_VALUE;
            }
            pump();
        });
    }

    private void everyNow() {
        if (!closed && playback.state() == Playback.State.PLAYING && !seeking) {
            progress.addLast(new Progress(hub.tickingMs(), playback.playedMs()));
            if (progress.size() > SAMPLES) {
                progress.removeFirst();
            }
            if (viewer.canTake()) {
                tell();
            }
            pump();
        }
    }

    private void tell() {
        viewer.send(ReplayMessages.status(
                id, playback.state().name().toLowerCase(Locale.ROOT), playback.pace(), reached(), range, tracks));
    }

    private @Nullable Double reached() {
        if (progress.size() < 2) {
            return null;
        }
        Progress oldest = progress.getFirst();
        Progress newest = progress.getLast();
        return (newest.playedMs() - oldest.playedMs()) / (newest.atMs() - oldest.atMs());
    }

    void failed(String run, Throwable cause) {
        if (!closed) {
            LOG.warn("history could not be read for a replay runId={}", run, cause);
            viewer.refuse(this, Problem.historyFailed(run));
        }
    }

    void close() {
        closed = true;
        if (statusTimer >= 0) {
            hub.cancel(statusTimer);
        }
    }
}
