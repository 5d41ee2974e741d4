package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.AlertQueries;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.ingest.Feed;
import io.gradwatch.telemetry.live.LiveHub;
import io.gradwatch.telemetry.stream.IterationRecord;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what ingest has read to the live hub, as the hub's viewers want it. */
public final class LiveFeed implements Feed {
    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);

    private final LiveHub hub;
    private final AlertQueries alerts;
    private final Questions questions;

    /** Feeds {@code hub}. */
    public LiveFeed(LiveHub hub, History history, HistoryAccess access) {
        this.hub = hub;
        this.alerts = history.alerts();
        this.questions = access.questions();
    }

    @Override
    public void iterations(List<IterationRecord> records) {
        hub.publish(records);
    }

    @Override
    public void committed(Changes changes) {
        changes.runs().forEach(run -> hub.runChanged(run.id(), RunJson.run(run)));
        changes.epochs().forEach(epoch -> hub.epoch(epoch.runId(), RunJson.epoch(epoch)));
        if (!changes.alertIds().isEmpty()) {
            questions
                    .ask(() -> alerts.byId(changes.alertIds()))
                    .onSuccess(found -> found.forEach(alert -> hub.alert(alert.runId(), AlertJson.alert(alert))))
                    .onFailure(e -> LOG.warn("Viewers were not told of alerts {}", changes.alertIds(), e));
        }
    }
}
