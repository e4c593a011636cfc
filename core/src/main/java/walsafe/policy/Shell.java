package walsafe.policy;

/** Words of a command that a person will paste into a shell. */
final class Shell {
    private Shell() {}

    /** The word as it stands where that is safe, else in single quotes. */
    static String quote(String word) {
        boolean plain = !word.isEmpty() && !word.startsWith("-") && word.chars().allMatch(Shell::harmless);
        if (plain) return word;
        String guarded = word.startsWith("-") ? "./" + word : word;
        return "'" + guarded.replace("'", "'\\''") + "'";
    }

    private static boolean harmless(int character) {
        return character > 127
                ? Character.isLetterOrDigit(character)
                : Character.isLetterOrDigit(character) || "/._-+:@%=,".indexOf(character) >= 0;
    }
}
