@NullMarked
package io.gradwatch.telemetry.backtest;

import org.jspecify.annotations.NullMarked;
