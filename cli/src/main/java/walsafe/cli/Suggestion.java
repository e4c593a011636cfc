package walsafe.cli;

import java.util.List;
import walsafe.words.Typo;

/** Guesses what a mistyped word was meant to be. */
final class Suggestion {
    private Suggestion() {}

    /** {@code " Did you mean doctor?"}, or nothing if no known word is near. */
    static String of(String typed, List<String> known) {
        String best = "";
        int least = 1 + Math.max(1, typed.length() / 3);
        for (String word : known) {
            int distance = word.startsWith(typed) ? 1 : distance(typed, word);
            if (distance < least) {
                least = distance;
                best = word;
            }
        }
        return best.isEmpty() ? "" : " Did you mean " + best + "?";
    }

    /** Words longer than any of ours are simply far. */
    private static int distance(String typed, String word) {
        boolean far = Math.abs(typed.length() - word.length()) > word.length();
        return far ? Integer.MAX_VALUE : Typo.distance(typed, word);
    }
}
