package walsafe.policy;

/** Tells a plan in words. */
final class Explanation {
    private Explanation() {}

    static String of(Plan.Open open) {
        return "Open with " + open.mode().words() + ".\n";
    }

    static String of(Plan.Refuse refuse) {
        return "Do not open here. " + refuse.finding() + "\n";
    }
}
