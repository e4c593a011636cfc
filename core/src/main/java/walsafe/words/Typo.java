package walsafe.words;

/** How near a mistyped word is to the one that was meant. */
public final class Typo {
    private Typo() {}

    /**
     * How many letters must be changed, added or taken away to make one of the other (Levenshtein, 1966). Costs the
     * product of their lengths.
     */
    public static int distance(String one, String other) {
        int[] above = new int[other.length() + 1];
        for (int j = 0; j < above.length; j++) above[j] = j;
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = above[0];
            above[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = above[j];
                above[j] = Math.min(changed, 1 + Math.min(above[j], above[j - 1]));
            }
        }
        return above[other.length()];
    }
}
