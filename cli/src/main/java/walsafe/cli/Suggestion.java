package walsafe.cli;

import java.util.List;

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

    /** How many letters to insert, remove or replace (Levenshtein). Words longer than any of ours are simply far. */
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > b.length()) return Integer.MAX_VALUE;
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
