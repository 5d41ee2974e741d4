@org.jspecify.annotations.NullMarked
package io.gradwatch.benchmarks.drill;
