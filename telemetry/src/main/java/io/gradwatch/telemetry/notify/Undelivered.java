package io.gradwatch.telemetry.notify;

/**
 * What was given up.
 *
 * @param why in words
 */
record Undelivered(String channel, Item item, String why) {}
