package walsafe.cli;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The Node that the tests run: the one that {@code -Dtest.node} names, else the one on the {@code PATH}. */
final class Node {
    private static final Optional<String> WITH_SQLITE = Stream.of(System.getProperty("test.node", "node"), "node")
            .filter(Node::hasSqlite)
            .findFirst();

    private Node() {}

    /** One that has {@code node:sqlite}, which came with 22.5; without one the test is skipped. */
    static String withSqlite() {
        return WITH_SQLITE.orElseGet(() -> abort("no Node with node:sqlite, neither at -Dtest.node nor on the PATH"));
    }

    private static boolean hasSqlite(String node) {
        try {
            Process process = new ProcessBuilder(List.of(node, "--no-warnings", "-e", "require('node:sqlite')"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.onExit().join().exitValue() == 0;
        } catch (IOException missing) {
            return false; // there is no such program
        }
    }
}
