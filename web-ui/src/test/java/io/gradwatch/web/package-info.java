/** Runs the dashboard's JavaScript tests with the build. */
@NullMarked
package io.gradwatch.web;

import org.jspecify.annotations.NullMarked;
