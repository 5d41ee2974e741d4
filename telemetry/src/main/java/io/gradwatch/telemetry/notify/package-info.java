/**
 * Tells people of alerts: by webhook, Slack, e-mail or a command. Reads {@code gradwatch.alerts}, keeps what is still to be
 * said in a journal, and tries until it is said or given up visibly. May depend on the wire format, Kafka's client and Vert.x' JSON,
 * and on nothing else of the service; it has a thread that reads and one for each channel, and neither ingest nor viewers
 * wait for them.
 */
@NullMarked
package io.gradwatch.telemetry.notify;

import org.jspecify.annotations.NullMarked;
