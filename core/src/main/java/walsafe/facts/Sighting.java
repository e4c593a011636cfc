package walsafe.facts;

/**
 * A signal and whose word it is. Two signals of one witness are one voice: whoever leaves a {@code /.dockerenv} in an
 * image may have left other files in it too, and whoever copies one environment variable copies all of them.
 *
 * @param signal what was seen
 * @param witness where it was seen: "the image", "the environment variables", "/proc/cmdline", "the mount at /"
 */
record Sighting(Signal signal, String witness) {
    static Sighting of(Environment environment, int confidencePercent, String seen, String witness) {
        return new Sighting(new Signal(environment, confidencePercent, seen, false), witness);
    }

    static Sighting against(Environment environment, int confidencePercent, String seen, String witness) {
        return new Sighting(new Signal(environment, confidencePercent, seen, true), witness);
    }

    /** Enough by itself: nothing but the environment leaves such a trace. */
    boolean decisive() {
        return signal.confidencePercent() >= 95;
    }
}
