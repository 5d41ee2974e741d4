package io.gradwatch.telemetry.notify;

import io.gradwatch.contract.v1.Alert;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is sent: transitions of one run, in their order; or none, for a test.
 *
 * @param channel that it is for
 * @param link address of the dashboard; empty: none
 */
record Message(String channel, List<Notice> notices, String link, Instant at) {
    private static final int KEY_DIGITS = 40;

    Message {
        notices = List.copyOf(notices);
    }

    boolean isTest() {
        return notices.isEmpty();
    }

    /** The same whenever this message is sent to this channel. */
    String key() {
        String all = channel + "\n"
                + (isTest() ? "test " + at : notices.stream().map(Notice::key).collect(Collectors.joining("\n")));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, KEY_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One line: for the subject of a mail. */
    String title() {
        if (isTest()) {
            return "Gradwatch: a test of channel " + channel;
        }
        Notice newest = notices.get(notices.size() - 1);
        Alert alert = newest.alert();
        String more = notices.size() > 1 ? " and " + (notices.size() - 1) + " more" : "";
        return "[" + label(alert.getSeverity()) + "] " + newest.runName() + ": " + alert.getRule() + " "
                + label(alert.getState()) + more;
    }

    /** All of it in words, line by line. */
    String text() {
        if (isTest()) {
            return "This is a test. Alerts of Gradwatch come this way." + (link.isEmpty() ? "" : "\n" + link);
        }
        StringBuilder text = new StringBuilder();
        for (Notice notice : notices) {
            Alert alert = notice.alert();
            text.append(label(alert.getState()).toUpperCase(Locale.ROOT))
                    .append(" (")
                    .append(label(alert.getSeverity()))
                    .append(") ")
                    .append(alert.getRule())
                    .append(" at iteration ")
                    .append(alert.getLastIteration())
                    .append(": ")
                    .append(alert.getMessage())
                    .append('\n');
        }
        return text.append(url()).toString().stripTrailing();
    }

    /** The run's page; empty without a link. */
    private String url() {
        return link.isEmpty() || isTest()
                ? link
                : link + "/#/runs/" + notices.get(0).runId();
    }

    /** As docs/notifications.md describes it. */
    JsonObject json() {
        JsonObject json = new JsonObject()
                .put("version", 1)
                .put("kind", isTest() ? "test" : "alerts")
                .put("key", key())
                .put("sentAt", at.toString())
                .put("title", title())
                .put("text", text());
        if (!isTest()) {
            Notice first = notices.get(0);
            json.put(
                    "run",
                    new JsonObject()
                            .put("id", first.runId())
                            .put("name", first.runName())
                            .put("url", url().isEmpty() ? null : url()));
        }
        JsonArray transitions = new JsonArray();
        notices.forEach(notice -> transitions.add(transition(notice)));
        return json.put("transitions", transitions);
    }

    private static JsonObject transition(Notice notice) {
        Alert alert = notice.alert();
        return new JsonObject()
                .put("key", notice.key())
                .put("alertId", alert.getAlertId())
                .put("transition", alert.getTransition())
                .put("attempt", notice.envelope().getAttempt())
                .put("rule", alert.getRule())
                .put("ruleVersion", alert.getRuleVersion())
                .put("severity", label(alert.getSeverity()))
                .put("state", label(alert.getState()))
                .put("since", Instant.ofEpochMilli(alert.getSinceMs()).toString())
                .put("firstIteration", alert.getFirstIteration())
                .put("lastIteration", alert.getLastIteration())
                .put("layers", new JsonArray(alert.getLayersList()))
                .put("cutLayer", alert.hasCutLayer() ? alert.getCutLayer() : null)
                .put("message", alert.getMessage())
                .put("inputs", numbers(alert.getInputsMap()))
                .put("thresholds", numbers(alert.getThresholdsMap()))
                .put("partition", alert.getPartition())
                .put("firstOffset", alert.getFirstOffset())
                .put("lastOffset", alert.getLastOffset());
    }

    /** What is not finite is a word, as everywhere in the API. */
    private static JsonObject numbers(Map<String, Double> values) {
        JsonObject json = new JsonObject();
        new TreeMap<>(values)
                .forEach((name, value) -> json.put(name, Double.isFinite(value) ? value : Double.toString(value)));
        return json;
    }

    /** As Slack, Mattermost and others take it. */
    JsonObject slack() {
        String colour = notices.stream().anyMatch(n -> n.alert().getState() == Alert.State.FIRING)
                ? notices.stream().anyMatch(n -> n.alert().getSeverity() == Alert.Severity.CRITICAL)
                        ? "#c62828"
                        : "#b26a00"
                : "#2e7d32";
        JsonObject attachment = new JsonObject()
                .put("color", colour)
                .put("title", escaped(title()))
                .put("text", escaped(text()))
                .put("fallback", escaped(title()));
        if (!url().isEmpty()) {
            attachment.put("title_link", url());
        }
        return new JsonObject().put("text", escaped(title())).put("attachments", new JsonArray().add(attachment));
    }

    /** Slack reads these three as its own. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
