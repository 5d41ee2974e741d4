package io.gradwatch.telemetry.http;

import io.gradwatch.telemetry.history.SeriesQueries.Series;

/** A series, and the run that it is of. */
record SeriesLine(String runId, Series series) {}
