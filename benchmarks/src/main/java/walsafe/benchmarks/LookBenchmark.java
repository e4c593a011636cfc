package walsafe.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import walsafe.facts.Facts;
import walsafe.policy.Diagnosis;
import walsafe.policy.Intent;

/** What a program pays that asks before it opens: the look, and the decision alone. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class LookBenchmark {
    /** A path on the storage to measure; empty for one in the folder for temporary files. */
    @Param("")
    public String path = "";

    private Path database = Path.of("");
    private Facts facts = Facts.gather(":memory:", Facts.PATIENCE);

    @Setup
    public void look() throws IOException {
        database = path.isEmpty() ? Files.createTempDirectory("walsafe").resolve("new.db") : Path.of(path);
        facts = Facts.gather(database);
    }

    @Benchmark
    public Facts gather() {
        return Facts.gather(database);
    }

    @Benchmark
    public Diagnosis diagnose() {
        return Diagnosis.of(facts, Intent.DEFAULT);
    }
}
