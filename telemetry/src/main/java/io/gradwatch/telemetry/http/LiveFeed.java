package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.AlertQueries;
import io.gradwatch.telemetry.history.CommandQueries;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.ingest.Feed;
import io.gradwatch.telemetry.live.LiveHub;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what ingest has read to the live hub, as the hub's viewers want it. */
public final class LiveFeed implements Feed {
    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);

    private final LiveHub hub;
    private final AlertQueries alerts;
    private final CommandQueries commands;
    private final Questions questions;
    private final Clock clock;

    /** Feeds {@code hub}. */
    public LiveFeed(LiveHub hub, History history, HistoryAccess access, Clock clock) {
        this.hub = hub;
        this.alerts = history.alerts();
        this.commands = history.commands();
        this.clock = clock;
        this.questions = access.questions();
    }

    @Override
    public void iterations(List<IterationRecord> records) {
        hub.publish(records);
    }

    @Override
    public void committed(Changes changes) {
        changes.runs().forEach(run -> hub.runChanged(run.id(), RunJson.run(run)));
        changes.deleted().forEach(hub::runDeleted);
        changes.epochs().forEach(epoch -> hub.epoch(epoch.runId(), RunJson.epoch(epoch)));
        Map<String, List<String>> commandIds = changes.commands().stream()
                .collect(Collectors.groupingBy(
                        CommandKey::runId, Collectors.mapping(CommandKey::commandId, Collectors.toList())));
        commandIds.forEach((runId, ids) -> questions
                .ask(() -> commands.byId(runId, ids))
                .onSuccess(found -> found.forEach(c -> hub.command(runId, CommandJson.command(c, clock.millis()))))
                .onFailure(e -> LOG.warn("Viewers were not told of commands {}", ids, e)));
        if (!changes.alertIds().isEmpty()) {
            questions
                    .ask(() -> alerts.byId(changes.alertIds()))
                    .onSuccess(found ->
                            found.forEach(alert -> hub.alert(alert.runId(), AlertJson.alert(alert, clock.millis()))))
                    .onFailure(e -> LOG.warn("Viewers were not told of alerts {}", changes.alertIds(), e));
        }
    }
}
