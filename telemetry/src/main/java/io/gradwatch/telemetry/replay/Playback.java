package io.gradwatch.telemetry.replay;

import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The state machine and clock of a replay of one or several runs. Records that have been read ahead go in by {@link
 * #offer}, those that are due come out of {@link #take}; time comes in by {@link #advance} and nowhere else.
 *
 * <p>Recorded time passes {@code pace} times as fast as given time while the replay plays, but never past what has been
 * read: a history that answers late, and a viewer who takes nothing (so that nothing is taken here, and nothing read),
 * slow the replay down instead of making it skip. Time lost so is not made up for.
 *
 * <p>In step by iteration or epoch one run leads, the first that is not over: it plays by the clock, the others play what
 * lies not ahead of it. A run that goes back (a resumed one) keeps the others waiting where they are. By wall time every
 * run plays by the clock.
 */
public final class Playback {
    /** What a replay does. */
    public enum State {
        /** Waits for {@link #play} or {@link #step}. */
        PAUSED,
        /** Time passes. */
        PLAYING,
        /** Plays a number of iterations at once, and pauses. */
        STEPPING,
        /** Everything has been played. */
        ENDED
    }

    private final List<Track> tracks = new ArrayList<>();
    private final boolean together;
    private Pace pace;
    private State state = State.PAUSED;
    private long atMs = Long.MIN_VALUE;
    private int steps;
    private double playedMs;

    /**
     * A paused one, with nothing read yet.
     *
     * @param axes one for each run, in the order in which they lead
     */
    public Playback(List<Axis> axes, Pace pace) {
        axes.forEach(axis -> tracks.add(new Track(axis)));
        this.together = axes.get(0).align() != Align.WALL;
        this.pace = pace;
    }

    /** What it does. */
    public State state() {
        return state == State.PAUSED || !isOver() ? state : State.ENDED;
    }

    /** The present pace. */
    public Pace pace() {
        return pace;
    }

    /** Recorded milliseconds played so far by the run that leads, as the pace counts them; grows with every record. */
    public double playedMs() {
        return playedMs;
    }

    /** Lets time pass from now on. */
    public void play(long nowMs) {
        advance(nowMs);
        state = State.PLAYING;
    }

    /** Stops time. */
    public void pause(long nowMs) {
        advance(nowMs);
        state = State.PAUSED;
    }

    /** Changes the pace from now on. */
    public void pace(Pace newPace, long nowMs) {
        advance(nowMs);
        pace = newPace;
    }

    /** Plays so many iterations of the run that leads as soon as they have been read, and pauses. */
    public void step(int iterations, long nowMs) {
        advance(nowMs);
        state = State.STEPPING;
        steps = iterations;
    }

    /**
     * Goes on from another place of a run: what was read ahead is forgotten.
     *
     * @param lastMadeAtMs when the record before the next one was made; -1 when there is none
     * @param passedMs recorded time that has passed since
     * @param position where the run is, by its axis; negative infinity before its first record
     */
    public void restart(int run, long lastMadeAtMs, double passedMs, double position) {
        tracks.get(run).restart(lastMadeAtMs, passedMs, position);
    }

    /** Records read ahead that have not been taken. */
    public int ahead(int run) {
        return tracks.get(run).ahead();
    }

    /** Whether {@link #complete} was said of the run. */
    public boolean isComplete(int run) {
        return tracks.get(run).isComplete();
    }

    /** The next records of a run, as they were recorded. */
    public void offer(int run, List<IterationRecord> records) {
        tracks.get(run).offer(records);
    }

    /** The run has no more records. */
    public void complete(int run) {
        tracks.get(run).complete();
    }

    /** Whether all that there is has been taken. */
    public boolean isOver() {
        return tracks.stream().allMatch(Track::isOver);
    }

    /** It is so late now. Time that lies before what was said last is not believed. */
    public void advance(long nowMs) {
        long passed = atMs == Long.MIN_VALUE ? 0 : Math.max(0, nowMs - atMs);
        atMs = Math.max(atMs, nowMs);
        if (state != State.PLAYING || passed == 0) {
            return;
        }
        double recorded = passed * pace.factor();
        for (Track track : timed()) {
            recorded = Math.min(recorded, track.room(pace));
        }
        for (Track track : timed()) {
            track.since += recorded;
        }
    }

    /**
     * Takes what is due of a run, oldest first; empty: nothing is.
     *
     * @param limit most records
     */
    public List<IterationRecord> take(int run, int limit) {
        Track track = tracks.get(run);
        List<IterationRecord> due = new ArrayList<>();
        while (due.size() < limit && track.ahead() > 0 && isDue(track)) {
            if (isBehind(track)) {
                track.since = 0;
            } else {
                pass(track);
            }
            due.add(track.play());
        }
        if (state == State.STEPPING && steps == 0) {
            state = State.PAUSED;
        }
        return due;
    }

    /** Milliseconds until the next record is due; 0: one is; -1: that depends on something else than time. */
    public long untilDueMs() {
        long least = -1;
        for (Track track : tracks) {
            if (track.ahead() == 0) {
                continue;
            }
            if (isDue(track)) {
                return 0;
            }
            if (state == State.PLAYING && isTimed(track) && isFollowed(track)) {
                long wait = (long) Math.ceil((track.gap(pace) - track.since) / pace.factor());
                least = least < 0 ? wait : Math.min(least, wait);
            }
        }
        return least;
    }

    private boolean isDue(Track track) {
        if (isBehind(track)) {
            return true;
        }
        if (!isTimed(track)) {
            return false;
        }
        boolean now = state == State.STEPPING ? stepsNow(track) : state == State.PLAYING && isPast(track);
        return now && isFollowed(track);
    }

    /** Whether a run that leads, or has led until it was over, has been where this one's next record is. */
    private boolean isBehind(Track track) {
        if (!together) {
            return false;
        }
        double position = track.axisOf(track.next());
        return tracks.subList(0, tracks.indexOf(track)).stream().anyMatch(ahead -> ahead.reached() >= position);
    }

    private boolean stepsNow(Track track) {
        return track == leader() ? steps > 0 : isPast(track);
    }

    private boolean isPast(Track track) {
        return track.since >= track.gap(pace);
    }

    /** Whether the other runs can come along: a run whose records are still being read is waited for. */
    private boolean isFollowed(Track track) {
        if (!together) {
            return true;
        }
        double position = track.axisOf(track.next());
        return tracks.stream().allMatch(other -> other == track || other.covers(position));
    }

    /** A record of a run that goes by the clock is played: what that costs of recorded time. */
    private void pass(Track track) {
        double gap = track.gap(pace);
        boolean leads = track == leader();
        if (leads) {
            playedMs += gap;
        }
        if (state == State.STEPPING && leads) {
            steps--;
            timed().stream().filter(other -> other != track).forEach(other -> other.since += gap);
            track.since = 0;
        } else {
            track.since = Math.max(0, track.since - gap);
        }
    }

    private List<Track> timed() {
        return together ? List.of(leader()) : tracks;
    }

    private boolean isTimed(Track track) {
        return !together || track == leader();
    }

    private Track leader() {
        for (Track track : tracks) {
            if (!track.isOver()) {
                return track;
            }
        }
        return tracks.get(0);
    }
}
