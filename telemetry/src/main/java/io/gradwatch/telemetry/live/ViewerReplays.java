package io.gradwatch.telemetry.live;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The replays of one connection. All on the hub's context. */
final class ViewerReplays {
    private final Viewer viewer;
    private final LiveHub hub;
    private final Map<String, Replay> replays = new LinkedHashMap<>();
    private int started;

    ViewerReplays(Viewer viewer, LiveHub hub) {
        this.viewer = viewer;
        this.hub = hub;
    }

    void received(ReplayRequest request, String text) {
        if (request instanceof ReplayRequest.Start start) {
            start(start, text);
        } else if (request instanceof ReplayRequest.Control control) {
            Replay replay = replays.get(control.id());
            if (replay == null) {
                String verb = control.getClass().getSimpleName();
                viewer.refuse(
                        Problem.unknownReplay(
                                verb.equals("Bounds") ? "range" : verb.toLowerCase(Locale.ROOT), control.id()),
                        text);
            } else {
                replay.control(control, text);
            }
        }
    }

    private void start(ReplayRequest.Start request, String text) {
        ReplayLimits limits = hub.replayLimits();
        int own = replays.values().stream().mapToInt(Replay::runs).sum();
        if (replays.containsKey(request.id())) {
            viewer.refuse(
                    Problem.badRequest(
                            "id", "this connection has a replay \"" + request.id() + "\" already", "another id"),
                    text);
        } else if (own + request.runs().size() > limits.runsOfViewer()) {
            viewer.refuse(
                    Problem.badRequest(
                            "replay",
                            "this connection replays " + own + " runs already",
                            "up to " + limits.runsOfViewer() + " runs; stop a replay first"),
                    text);
        } else if (hub.replayedRuns() + request.runs().size() > limits.runsInAll()) {
            viewer.refuse(
                    Problem.busy(
                            "replay",
                            "the service replays " + hub.replayedRuns() + " runs for its viewers already",
                            "up to " + limits.runsInAll() + " runs for all viewers together; try again later"),
                    text);
        } else {
            String id = request.id();
            while (id.isEmpty() || replays.containsKey(id)) {
                id = "replay-" + ++started;
            }
            Replay replay = hub.replay(viewer, id, request, text);
            replays.put(id, replay);
            replay.start();
        }
    }

    void acknowledged(Request.Ack ack) {
        Replay replay = replays.get(ack.replay());
        if (replay != null) {
            replay.acknowledged(ack.run());
        }
    }

    void pump() {
        List.copyOf(replays.values()).forEach(Replay::pump);
    }

    void stop(Replay replay) {
        if (replays.remove(replay.id(), replay)) {
            hub.ended(replay);
        }
    }

    /** Ends all. */
    void close() {
        List.copyOf(replays.values()).forEach(this::stop);
    }
}
