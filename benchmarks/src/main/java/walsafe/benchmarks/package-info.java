/**
 * Measures what the documentation claims. {@link walsafe.benchmarks.Startup} times whole processes, {@link
 * walsafe.benchmarks.LookBenchmark} the look itself in a warm JVM. {@code docs/benchmarks.md} has commands and figures.
 */
@NullMarked
package walsafe.benchmarks;

import org.jspecify.annotations.NullMarked;
