package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.archive.Archive;
import io.gradwatch.telemetry.archive.ArchiveException;
import io.gradwatch.telemetry.archive.RunZip;
import io.gradwatch.telemetry.history.Exports;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.RunExtent;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.runs.RunSummary;
import io.gradwatch.telemetry.tensorboard.EventFileWriter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
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

    private static final List<String> FORMATS = List.of("csv", "json", "jsonl", "parquet", "tensorboard");
    private static final String WHOLE = "none, as parquet and tensorboard hold all tables";

    private final History history;
    private final RunQueries runs;
    private final Exports exports;
    private final Archive archive;
    private final Questions questions;

    /**
     * @param archive where the files of an export are made
     */
    ExportRoute(History history, Archive archive, Questions questions) {
        this.history = history;
        this.runs = history.runs();
        this.exports = history.exports();
        this.archive = archive;
        this.questions = questions;
    }

    void export(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "table", "format");
        Optional<Exports.Table> chosen = query.oneOf("table", TABLES, Exports.Table::of);
        String kind = query.oneOf("format", FORMATS, f -> Optional.of(f).filter(FORMATS::contains))
                .orElse("csv");
        String id = ctx.pathParam("id");
        if (chosen.isPresent() && ExportFormat.of(kind).isEmpty()) {
            throw ApiProblem.badValue("table", chosen.get().label(), WHOLE);
        }
        if (kind.equals("parquet")) {
            stream(ctx, "application/zip", id + ".zip", out -> parquet(id, out));
            return;
        }
        if (kind.equals("tensorboard")) {
            stream(ctx, "application/octet-stream", "events.out.tfevents." + id, out -> {
                RunSummary run = runs.find(id).orElseThrow(() -> ApiProblem.unknownRun(id));
                EventFileWriter.write(history, run, runs.extent(id).orElseThrow(), out);
            });
            return;
        }
        table(
                ctx,
                id,
                chosen.orElse(Exports.Table.ITERATIONS),
                ExportFormat.of(kind).orElseThrow());
    }

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private void parquet(String id, OutputStream out) throws IOException {
        try {
            if (RunZip.write(archive, history.files(), id, out).isEmpty()) {
                throw ApiProblem.unknownRun(id);
            }
        } catch (ArchiveException e) {
            throw RunFileRoutes.of(e);
        }
    }

    private void stream(RoutingContext ctx, String mediaType, String fileName, Writing writing) {
        Context loop = ctx.vertx().getOrCreateContext();
        OutputStream out = new ResponseStream(
                loop,
                ctx.response(),
                () -> ctx.response()
                        .setChunked(true)
                        .putHeader("Content-Type", mediaType)
                        .putHeader("Content-Disposition", "attachment; filename=\"" + fileName + "\""));
        end(ctx, questions.export(() -> {
            writing.to(out);
            out.flush();
            return true;
        }));
    }

    private static void end(RoutingContext ctx, Future<?> written) {
        written.onSuccess(done -> {
                    var unused = ctx.response().end();
                })
                .onFailure(e -> {
                    if (ctx.response().closed()) {
                        return; // the client has gone
                    }
                    ctx.fail(e);
                });
    }

    private void table(RoutingContext ctx, String id, Exports.Table table, ExportFormat format) {
        Context loop = ctx.vertx().getOrCreateContext();
        end(ctx, questions.export(() -> {
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
        }));
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
