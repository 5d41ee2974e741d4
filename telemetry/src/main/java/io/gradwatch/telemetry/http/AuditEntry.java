package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.AuditRecord;
import io.gradwatch.telemetry.access.Person;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an answered request leaves in the audit records. */
final class AuditEntry {
    private static final int LONGEST = 1_000;

    private AuditEntry() {}

    static AuditRecord of(RoutingContext ctx, String action, Optional<Person> person, String address) {
        int status = ctx.response().getStatusCode();
        boolean session = action.endsWith("/session");
        AuditRecord.Builder record = AuditRecord.newBuilder()
                .setWho(person.flatMap(Person::name).orElse(""))
                .setAddress(address)
                .setAction(action)
                .setTarget(shortened(ctx.request().uri()))
                .setOutcome(outcome(status))
                .setStatus(status)
                .setDetail(session ? "" : detail(ctx.body().buffer()))
                .setReason(ctx.failure() instanceof ApiProblem problem ? shortened(problem.getMessage()) : "");
        person.filter(p -> p.name().isPresent())
                .ifPresent(p -> record.setRole(p.role().label()));
        return record.build();
    }

    private static AuditRecord.Outcome outcome(int status) {
        return status < 400
                ? AuditRecord.Outcome.DONE
                : status < 500 ? AuditRecord.Outcome.REFUSED : AuditRecord.Outcome.FAILED;
    }

    private static String detail(@Nullable Buffer body) {
        if (body == null || body.length() == 0) {
            return "";
        }
        return body.length() <= LONGEST
                ? body.toString(StandardCharsets.UTF_8)
                : body.length() + " bytes, SHA-256 " + sha256(body.getBytes());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String shortened(@Nullable String text) {
        String whole = String.valueOf(text);
        return whole.length() <= LONGEST ? whole : whole.substring(0, LONGEST) + "…";
    }
}
