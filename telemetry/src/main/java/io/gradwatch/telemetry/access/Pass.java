package io.gradwatch.telemetry.access;

/**
 * On whose behalf a service of the group asks another one.
 *
 * @param address where that person's request came from
 */
public record Pass(Person person, String address) {}
