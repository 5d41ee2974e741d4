package io.gradwatch.telemetry.http;

import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.runs.RunSummary;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code PATCH /runs/{id}} asks for. Pure.
 *
 * @param name empty for "as it is"
 * @param notes likewise
 */
record RunChange(Optional<String> name, Optional<String> notes, Words tags, Words labels) {
    static final int MOST_NAME = 200;
    static final int MOST_NOTES = 10_000;
    static final int MOST_WORDS = 50;
    static final int MOST_WORD = 64;

    private static final List<String> FIELDS =
            List.of("name", "notes", "tags", "addTags", "removeTags", "labels", "addLabels", "removeLabels");

    /** A list of words to have, or words to add and to take away. */
    record Words(Optional<List<String>> all, List<String> added, List<String> removed) {
        private List<String> of(List<String> before, String field) {
            Set<String> words = new LinkedHashSet<>(all.orElse(before));
            words.addAll(added);
            removed.forEach(words::remove);
            if (words.size() > MOST_WORDS && !(all.isEmpty() && added.isEmpty())) {
                String accepted = "at most " + MOST_WORDS;
                throw new ApiProblem(
                        400,
                        "there would be " + words.size() + " " + field + "; accepted is " + accepted,
                        field,
                        accepted);
            }
            return List.copyOf(words);
        }
    }

    /**
     * Reads a body.
     *
     * @throws ApiProblem that names the field and what is accepted
     */
    static RunChange read(byte[] body) {
        JsonObject json;
        try {
            json = new JsonObject(new String(body, StandardCharsets.UTF_8));
        } catch (DecodeException | ClassCastException e) {
            throw new ApiProblem(
                    400, "the body is no JSON object; accepted is one with some of " + fields(), null, fields());
        }
        for (String field : json.fieldNames()) {
            if (!FIELDS.contains(field)) {
                throw new ApiProblem(
                        400,
                        "there is no field \"" + shortened(field) + "\"; accepted is " + fields(),
                        shortened(field),
                        fields());
            }
        }
        if (json.isEmpty()) {
            throw new ApiProblem(400, "the body changes nothing; accepted is some of " + fields(), null, fields());
        }
        return new RunChange(
                text(json, "name", MOST_NAME, false).map(String::strip),
                text(json, "notes", MOST_NOTES, true),
                words(json, "tags", "addTags", "removeTags"),
                words(json, "labels", "addLabels", "removeLabels"));
    }

    /** The run's annotation with this change; everything else stays as it is. */
    RunAnnotation of(RunSummary run) {
        RunAnnotation before = run.said();
        return before.toBuilder()
                .setName(name.orElse(before.getName()))
                .setNotes(notes.orElse(before.getNotes()))
                .clearTags()
                .addAllTags(tags.of(run.tags(), "tags"))
                .clearLabels()
                .addAllLabels(labels.of(run.labels(), "labels"))
                .build();
    }

    private static Words words(JsonObject json, String all, String added, String removed) {
        if (json.containsKey(all) && (json.containsKey(added) || json.containsKey(removed))) {
            String accepted = all + " alone, or " + added + " and " + removed;
            throw new ApiProblem(
                    400, all + " is given together with changes to it; accepted is " + accepted, all, accepted);
        }
        return new Words(
                json.containsKey(all) ? Optional.of(words(json, all)) : Optional.empty(),
                words(json, added),
                words(json, removed));
    }

    private static List<String> words(JsonObject json, String field) {
        if (!json.containsKey(field)) {
            return List.of();
        }
        String accepted = "a list of at most " + MOST_WORDS + " texts of 1 to " + MOST_WORD
                + " characters, without control characters";
        if (!(json.getValue(field) instanceof JsonArray array) || array.size() > MOST_WORDS) {
            throw refused(field, "no such list", accepted);
        }
        List<String> words = new ArrayList<>();
        for (Object word : array) {
            if (!(word instanceof String text)
                    || text.isBlank()
                    || length(text.strip()) > MOST_WORD
                    || hasControls(text.strip(), false)) {
                throw refused(field, "not good: " + shortened(String.valueOf(word)), accepted);
            }
            words.add(text.strip());
        }
        return words;
    }

    private static Optional<String> text(JsonObject json, String field, int most, boolean lines) {
        if (!json.containsKey(field)) {
            return Optional.empty();
        }
        String accepted = "a text of at most " + most + " characters, without control characters"
                + (lines ? " but line feeds and tabs" : "");
        if (!(json.getValue(field) instanceof String given)) {
            throw refused(field, "no text", accepted);
        }
        String text = lines ? given.replace("\r\n", "\n") : given;
        if (length(text) > most) {
            throw refused(field, length(text) + " characters long", accepted);
        }
        if (hasControls(text, lines)) {
            throw refused(field, "holding control characters", accepted);
        }
        return Optional.of(text);
    }

    private static boolean hasControls(String text, boolean lines) {
        return text.codePoints()
                .anyMatch(c -> Character.getType(c) == Character.SURROGATE
                        || (Character.isISOControl(c) && !(lines && (c == '\n' || c == '\t'))));
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static ApiProblem refused(String field, String what, String accepted) {
        return new ApiProblem(400, field + " is " + what + "; accepted is " + accepted, field, accepted);
    }

    private static String fields() {
        return String.join(", ", FIELDS);
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
