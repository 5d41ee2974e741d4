package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.Command;
import io.gradwatch.contract.v1.StartTwin;
import io.gradwatch.telemetry.control.CommandLog;
import io.gradwatch.telemetry.control.Twin;
import io.gradwatch.telemetry.history.CommandHistory;
import io.gradwatch.telemetry.history.CommandQueries;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.RunQueries;
import io.gradwatch.telemetry.runs.RunSummary;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /runs/{id}/commands} and {@code /runs/{id}/twin}. For the event loop. */
final class CommandRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(CommandRoutes.class);
    /** Starting a trainer takes a while: it reads its images before it says its run's id. */
    private static final Duration TWIN_TIMEOUT = Duration.ofSeconds(90);

    private static final int REMEMBERED = 1_000;

    private final Vertx vertx;
    private final RunQueries runs;
    private final CommandQueries commands;
    private final Questions questions;
    private final CommandLog log;
    private final Optional<String> launcher;
    private final Clock clock;

    /** Commands that were sent with a key and may not be in history yet, by their ids. */
    private final Map<String, CommandHistory> sent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CommandHistory> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param launcher the launcher that runs this service and starts twins; empty: none does */
    CommandRoutes(
            Vertx vertx, History history, Questions questions, CommandLog log, Optional<String> launcher, Clock clock) {
        this.vertx = vertx;
        this.runs = history.runs();
        this.commands = history.commands();
        this.questions = questions;
        this.log = log;
        this.launcher = launcher;
        this.clock = clock;
    }

    void list(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        String id = ctx.pathParam("id");
        questions.answer(ctx, () -> {
            find(id);
            long now = clock.millis();
            return Answer.list(commands.ofRun(id), c -> CommandJson.command(c, now), Optional.empty());
        });
    }

    void send(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        AnnotationRoutes.requireJson(ctx);
        String id = ctx.pathParam("id");
        CommandRequest request = CommandRequest.read(
                ctx.body().buffer() == null ? new byte[0] : ctx.body().buffer().getBytes());
        String commandId = request.key()
                .map(key -> "key/" + id + "/" + key)
                .orElseGet(() -> UUID.randomUUID().toString());
        questions
                .ask(() -> new Known(
                        find(id), commands.byId(id, List.of(commandId)).stream().findFirst()))
                .compose(known -> {
                    Optional<CommandHistory> before =
                            Optional.ofNullable(sent.get(commandId)).or(known::command);
                    if (before.isPresent()) {
                        return Future.succeededFuture(same(before.get(), request));
                    }
                    requireRunning(known.run());
                    return issue(
                            known.run(),
                            command(commandId, known.run(), request, Guard.name(ctx, request.issuedBy())),
                            request.key().isPresent());
                })
                .onSuccess(command -> answer(ctx, command))
                .onFailure(ctx::fail);
    }

    private record Known(RunSummary run, Optional<CommandHistory> command) {}

    void twin(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        String id = ctx.pathParam("id");
        questions.answer(ctx, () -> {
            Twin twin = Twin.of(id, find(id).description().started());
            JsonObject json = new JsonObject().put("runId", id).put("launcher", launcher.isPresent());
            if (twin instanceof Twin.Plan plan) {
                JsonObject options = new JsonObject();
                plan.options().forEach(options::put);
                json.put("available", true)
                        .put("reason", "")
                        .put("preset", plan.preset())
                        .put("options", options)
                        .put("command", plan.commandLine());
            } else if (twin instanceof Twin.None none) {
                json.put("available", false)
                        .put("reason", none.reason())
                        .putNull("preset")
                        .putNull("options")
                        .putNull("command");
            }
            return Answer.json(json);
        });
    }

    void startTwin(RoutingContext ctx) {
        var unused = QueryParameters.of(ctx.queryParams());
        String id = ctx.pathParam("id");
        questions
                .ask(() -> find(id))
                .compose(run -> issue(run, startTwin(run, Guard.name(ctx, "the dashboard")), false))
                .onSuccess(command -> answer(ctx, command))
                .onFailure(ctx::fail);
    }

    private Command startTwin(RunSummary run, String issuedBy) {
        Twin twin = Twin.of(run.id(), run.description().started());
        if (!(twin instanceof Twin.Plan plan)) {
            String reason = twin instanceof Twin.None none ? none.reason() : "";
            throw new ApiProblem(
                    409,
                    "run " + run.id() + " has no twin to be started: " + reason,
                    "run",
                    "a run of which GET /runs/{id}/twin says that it is available");
        }
        String to = launcher.orElseThrow(() -> new ApiProblem(
                409,
                "no launcher starts trainers for this service (./gradwatch up or demo does); accepted is, in a"
                        + " terminal: "
                        + plan.commandLine(),
                null,
                null));
        return base(UUID.randomUUID().toString(), run, TWIN_TIMEOUT)
                .setIssuedBy(issuedBy)
                .setStartTwin(StartTwin.newBuilder()
                        .setLauncher(to)
                        .setPreset(plan.preset())
                        .putAllOptions(plan.options()))
                .build();
    }

    private Command command(String commandId, RunSummary run, CommandRequest request, String issuedBy) {
        Command.Builder command =
                base(commandId, run, request.timeout()).setIssuedBy(issuedBy).setReason(request.reason());
        return request.action().into(command).build();
    }

    private Command.Builder base(String commandId, RunSummary run, Duration timeout) {
        Command.Builder command =
                Command.newBuilder().setCommandId(commandId).setExpiresAtMs(clock.millis() + timeout.toMillis());
        Long iteration = run.iteration();
        if (iteration != null) {
            command.setIssuedAtIteration(iteration);
        }
        return command;
    }

    private static void requireRunning(RunSummary run) {
        if (run.phase().ended()) {
            String accepted = "a run that has not ended";
            throw new ApiProblem(
                    409,
                    "run " + run.id() + " has ended (" + run.phase().label() + "): nobody is left to obey; accepted is "
                            + accepted,
                    "run",
                    accepted);
        }
    }

    /** A request that was made before, unless it asked for something else. */
    private static CommandHistory same(CommandHistory before, CommandRequest request) {
        Command wanted = request.action().into(Command.newBuilder()).build();
        Command had = before.command();
        if (had.getActionCase() != wanted.getActionCase()
                || !had.getSetLearningRate().equals(wanted.getSetLearningRate())) {
            String accepted = "a new one for each command";
            throw new ApiProblem(
                    409,
                    "idempotencyKey was used for another command of this run; accepted is " + accepted,
                    "idempotencyKey",
                    accepted);
        }
        return before;
    }

    private Future<CommandHistory> issue(RunSummary run, Command command, boolean remembered) {
        int attempt = run.description().attempt();
        CommandHistory issued = new CommandHistory(run.id(), attempt, clock.millis(), command, Optional.empty());
        if (remembered) {
            sent.put(issued.id(), issued);
        }
        return Future.fromCompletionStage(log.append(run.id(), attempt, command), vertx.getOrCreateContext())
                .map(done -> issued)
                .recover(e -> {
                    sent.remove(issued.id());
                    LOG.warn("A command to run {} did not reach Kafka: {}", run.id(), e.toString());
                    return Future.failedFuture(new ApiProblem(
                            503,
                            "Kafka did not acknowledge the command, which was probably not sent;"
                                    + " GET /runs/{id}/commands shows it if it was",
                            null,
                            null));
                });
    }

    private RunSummary find(String id) {
        return runs.find(id).orElseThrow(() -> ApiProblem.unknownRun(id));
    }

    private void answer(RoutingContext ctx, CommandHistory command) {
        if (ctx.response().ended() || ctx.response().closed()) {
            return;
        }
        ctx.response().setStatusCode(202).putHeader("Content-Type", "application/json");
        var unused =
                ctx.response().end(CommandJson.command(command, clock.millis()).toBuffer());
    }
}
