package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.Exports;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.history.RunQueries;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code /runs/{id}/export}: a piece is read when the one before has left, so a slow client costs no memory. */
final class ExportRoute {
    private static final long PATIENCE_SECONDS = 60;
    private static final List<String> TABLES =
            Arrays.stream(Exports.Table.values()).map(Exports.Table::label).toList();

    private final RunQueries runs;
    private final Exports exports;
    private final Questions questions;

    ExportRoute(History history, Questions questions) {
        this.runs = history.runs();
        this.exports = history.exports();
        this.questions = questions;
    }

    void export(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "table", "format");
        Exports.Table table = query.oneOf("table", TABLES, Exports.Table::of).orElse(Exports.Table.ITERATIONS);
        ExportFormat format =
                query.oneOf("format", List.of("csv", "json"), ExportFormat::of).orElse(ExportFormat.CSV);
        String id = ctx.pathParam("id");
        Context loop = ctx.vertx().getOrCreateContext();
        questions
                .export(() -> {
                    RunExtent run = runs.extent(id).orElseThrow(() -> ApiProblem.unknownRun(id));
                    Iterator<Exports.Piece> pieces = exports.export(run, table);
                    Exports.Piece piece = pieces.next();
                    ctx.response()
                            .setChunked(true)
                            .putHeader("Content-Type", format.mediaType())
                            .putHeader(
                                    "Content-Disposition",
                                    "attachment; filename=\"" + id + "-" + table.label() + "." + format.label() + "\"");
                    boolean first = true;
                    write(loop, ctx.response(), format.head(piece.columns()));
                    while (true) {
                        Buffer rows = format.rows(piece, first);
                        if (rows.length() > 0) {
                            first = first && piece.rows().isEmpty();
                            write(loop, ctx.response(), rows);
                        }
                        if (!pieces.hasNext()) {
                            break;
                        }
                        piece = pieces.next();
                    }
                    write(loop, ctx.response(), format.tail());
                    return Optional.empty();
                })
                .onSuccess(done -> {
                    var unused = ctx.response().end();
                })
                .onFailure(e -> {
                    if (ctx.response().closed()) {
                        return; // the client has gone
                    }
                    ctx.fail(e);
                });
    }

    /** Waits until the bytes have left. */
    private static void write(Context loop, HttpServerResponse response, Buffer bytes) throws Exception {
        if (bytes.length() == 0) {
            return;
        }
        CompletableFuture<Void> left = new CompletableFuture<>();
        loop.runOnContext(v -> {
            if (response.closed()) {
                left.completeExceptionally(new java.io.IOException("the client has gone"));
            } else {
                response.write(bytes).onSuccess(left::complete).onFailure(left::completeExceptionally);
            }
        });
        left.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
