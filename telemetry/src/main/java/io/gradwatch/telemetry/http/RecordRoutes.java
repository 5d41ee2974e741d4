package io.gradwatch.telemetry.http;

import com.google.protobuf.MessageLite;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.stream.IterationRecord;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code /runs/{id}/records}: a run's records as they were in the log, made again from history. */
final class RecordRoutes {
    private static final int PAGE = 256;
    private static final String NEXT = "Gradwatch-Next";

    /** What can be asked for. */
    private enum Table {
        RUNS,
        ITERATIONS,
        EPOCHS,
        HISTOGRAMS;

        static Optional<Table> of(String label) {
            for (Table table : values()) {
                if (table.name().toLowerCase(Locale.ROOT).equals(label)) {
                    return Optional.of(table);
                }
            }
            return Optional.empty();
        }
    }

    private record Records(List<Envelope> envelopes, Optional<Long> next) {}

    private final History history;
    private final Questions questions;

    RecordRoutes(History history, Questions questions) {
        this.history = history;
        this.questions = questions;
    }

    void records(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "table", "from", "before");
        Table table = query.oneOf("table", List.of("runs", "iterations", "epochs", "histograms"), Table::of)
                .orElse(Table.ITERATIONS);
        long from = query.whole("from", 0, 0, Long.MAX_VALUE);
        long before = query.whole("before", Long.MAX_VALUE, 0, Long.MAX_VALUE);
        String id = ctx.pathParam("id");
        questions
                .ask(() -> {
                    RunSummary run = history.runs().find(id).orElseThrow(() -> ApiProblem.unknownRun(id));
                    RunExtent extent = history.runs().extent(id).orElseThrow(() -> ApiProblem.unknownRun(id));
                    return switch (table) {
                        case RUNS -> new Records(Envelopes.ofRun(run), Optional.empty());
                        case ITERATIONS -> iterations(id, from, before);
                        case EPOCHS ->
                            new Records(
                                    history.replays().epochs(extent).stream()
                                            .map(Envelopes::of)
                                            .toList(),
                                    Optional.empty());
                        case HISTOGRAMS -> histograms(extent, from);
                    };
                })
                .onSuccess(records -> {
                    records.next().ifPresent(next -> ctx.response().putHeader(NEXT, Long.toString(next)));
                    ctx.response().putHeader("Content-Type", "application/x-protobuf");
                    var unused = ctx.response().end(delimited(records.envelopes()));
                })
                .onFailure(ctx::fail);
    }

    private Records iterations(String id, long from, long before) {
        List<IterationRecord> records = history.records().range(id, from, before, PAGE);
        return new Records(
                records.stream().map(Envelopes::of).toList(),
                records.size() < PAGE
                        ? Optional.empty()
                        : Optional.of(records.get(records.size() - 1).seq() + 1));
    }

    private Records histograms(RunExtent extent, long from) {
        List<Envelope> page = history.replays().histograms(extent, from, PAGE).stream()
                .map(Envelopes::of)
                .toList();
        return new Records(page, page.size() < PAGE ? Optional.empty() : Optional.of(from + PAGE));
    }

    private static Buffer delimited(List<? extends MessageLite> messages) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (MessageLite message : messages) {
                message.writeDelimitedTo(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(out.toByteArray());
    }
}
