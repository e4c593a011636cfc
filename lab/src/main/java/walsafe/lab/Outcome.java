package walsafe.lab;

import java.util.List;
import java.util.Objects;

/**
 * How a command in a guest ended.
 *
 * @param code what a shell calls {@code $?}
 * @param output both streams, as they came
 */
record Outcome(int code, String output) {
    Outcome {
        Objects.requireNonNull(output);
    }

    List<String> lines() {
        return output.lines().toList();
    }

    Outcome orFail(String what) {
        if (code == 0) return this;
        throw new IllegalStateException(what + " ended with " + code + ": " + output);
    }
}
