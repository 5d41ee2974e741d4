@org.jspecify.annotations.NullMarked
package io.gradwatch.telemetry.group;
