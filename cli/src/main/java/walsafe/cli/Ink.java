package walsafe.cli;

import walsafe.finding.Weight;
import walsafe.policy.Verdict;

/** Paints words for a terminal, or leaves them alone. Only whole lines and first words are painted, never a command. */
enum Ink {
    NONE,
    COLOURED;

    private static final String RED = "1;31";
    private static final String YELLOW = "1;33";
    private static final String GREEN = "1;32";

    String verdict(Verdict verdict, String text) {
        return switch (verdict) {
            case SAFE -> paint(GREEN, text);
            case SAFE_ONLY_IF, COULD_NOT_TELL -> paint(YELLOW, text);
            case UNSAFE, DAMAGED -> paint(RED, text);
        };
    }

    String weight(Weight weight, String text) {
        return switch (weight) {
            case DANGER -> paint(RED, text);
            case WARNING -> paint(YELLOW, text);
            case NOTE -> bold(text);
        };
    }

    String bold(String text) {
        return paint("1", text);
    }

    private String paint(String code, String text) {
        return this == NONE ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
