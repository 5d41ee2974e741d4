package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.archive.Archive;
import io.gradwatch.telemetry.archive.ArchiveException;
import io.gradwatch.telemetry.archive.Manifest;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.lifecycle.LifecycleException;
import io.gradwatch.telemetry.lifecycle.RunLifecycle;
import io.gradwatch.telemetry.runs.RunSummary;
import io.vertx.core.Future;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Import, deletion and archiving of runs. */
final class RunFileRoutes {
    private static final int INSUFFICIENT_STORAGE = 507;

    /** Bytes of a file that is imported. */
    private static final long MOST_IMPORT = 16L << 30;

    private final History history;
    private final RunLifecycle lifecycle;
    private final Questions questions;

    RunFileRoutes(History history, RunLifecycle lifecycle, Questions questions) {
        this.history = history;
        this.lifecycle = lifecycle;
        this.questions = questions;
    }

    /** The body is the file; it is on the disk before anything is read of it. */
    void take(RoutingContext ctx) {
        ctx.request().pause();
        QueryParameters query = QueryParameters.of(ctx.queryParams(), "name", "as", "partial");
        String name = query.text("name").orElse("the file");
        List<String> choices = List.of("true", "false");
        boolean partial = query.oneOf("partial", choices, t -> Optional.of(t).filter(choices::contains))
                .map("true"::equals)
                .orElse(false);
        Path file = lifecycle.archive().scratch();
        long most = Math.max(0, Math.min(MOST_IMPORT, history.room().spare()));
        ctx.vertx()
                .fileSystem()
                .open(file.toString(), new OpenOptions().setCreate(true).setWrite(true))
                .compose(to -> ctx.request().pipeTo(new LimitedFile(to, most)))
                .transform(written -> written.succeeded()
                        ? questions.export(problems(() -> json(lifecycle.take(file, name, query.text("as"), partial))))
                        : Future.failedFuture(notWritten(name, written.cause())))
                .eventually(() -> questions.export(() -> {
                    Archive.discard(file);
                    return true;
                }))
                .onSuccess(json -> answer(ctx, 201, json))
                .onFailure(ctx::fail);
    }

    private static ApiProblem notWritten(String name, Throwable cause) {
        return cause instanceof LimitedFile.TooLargeException
                ? new ApiProblem(
                        413,
                        name + " was not imported: " + cause.getMessage() + ", which is what may come or what the disk"
                                + " has room for; nothing of it was kept",
                        null,
                        null)
                : new ApiProblem(
                        INSUFFICIENT_STORAGE,
                        name + " was not imported: it could not be written to the disk (" + cause.getMessage()
                                + "); nothing of it was kept",
                        null,
                        null);
    }

    void delete(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        String id = ctx.pathParam("id");
        questions
                .export(problems(() -> json(lifecycle.delete(id))))
                .onSuccess(json -> answer(ctx, 200, json))
                .onFailure(ctx::fail);
    }

    void store(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        String id = ctx.pathParam("id");
        questions
                .export(problems(() -> json(lifecycle.store(id))))
                .onSuccess(json -> answer(ctx, 200, json))
                .onFailure(ctx::fail);
    }

    /** The run as {@code GET /runs/{id}} shows it. */
    static JsonObject withDiskUse(RunSummary run, Function<String, RunLifecycle.DiskUse> diskUse) {
        return RunJson.run(run).put("diskBytes", json(diskUse.apply(run.id())));
    }

    /** What a run takes on the disk, as part of {@code GET /runs/{id}}. */
    static JsonObject json(RunLifecycle.DiskUse use) {
        return new JsonObject()
                .put("total", use.total())
                .put("history", use.history())
                .put("archive", use.archive())
                .put("checkpoints", use.checkpoints());
    }

    private JsonObject json(RunLifecycle.Imported imported) {
        String id = imported.manifest().runId();
        return new JsonObject()
                .put("id", id)
                .put("run", history.runs().find(id).map(RunJson::run).orElse(null))
                .put("notes", new JsonArray(imported.notes()));
    }

    private static JsonObject json(RunLifecycle.Deletion deletion) {
        return new JsonObject()
                .put("id", deletion.runId())
                .put("freed", json(deletion.bytesBefore()))
                .put("recordsTrimmed", deletion.recordsTrimmed())
                .put("recordsRemain", deletion.recordsRemain());
    }

    private static JsonObject json(Manifest manifest) {
        JsonArray tables = new JsonArray();
        manifest.tables()
                .forEach(t -> tables.add(new JsonObject()
                        .put("table", t.table())
                        .put("rows", t.rows())
                        .put("bytes", t.bytes())));
        return new JsonObject()
                .put("id", manifest.runId())
                .put("bytes", manifest.bytes())
                .put("tables", tables);
    }

    private static <T> Callable<T> problems(Callable<T> work) {
        return () -> {
            try {
                return work.call();
            } catch (ArchiveException e) {
                throw of(e);
            } catch (LifecycleException e) {
                throw switch (e.kind()) {
                    case UNKNOWN -> new ApiProblem(404, message(e), "run", "the id of a run in GET /api/v1/runs");
                    case RUNNING -> new ApiProblem(409, message(e), "run", "a run that has ended");
                    case LOG -> new ApiProblem(503, message(e), null, null);
                    case STORAGE -> new ApiProblem(INSUFFICIENT_STORAGE, message(e), null, null);
                };
            }
        };
    }

    /** The answer to a failed export or import. */
    static ApiProblem of(ArchiveException e) {
        return switch (e.kind()) {
            case DAMAGED -> new ApiProblem(400, message(e), null, null);
            case EXISTS -> new ApiProblem(409, message(e), "as", "an id that no run has");
            case STORAGE -> new ApiProblem(INSUFFICIENT_STORAGE, message(e), null, null);
        };
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }

    private static void answer(RoutingContext ctx, int status, @Nullable JsonObject json) {
        if (json == null || ctx.response().ended() || ctx.response().closed()) {
            return;
        }
        ctx.response().setStatusCode(status).putHeader("Content-Type", "application/json");
        var unused = ctx.response().end(json.toBuffer());
    }
}
