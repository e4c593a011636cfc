package walsafe.policy;

import java.util.List;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.words.Shell;

/** What only a second host could tell. */
final class HostTroubles {
    private HostTroubles() {}

    static List<Finding> of(Case at) {
        if (!Policy.worthMeeting(at)) return List.of();
        return List.of(new Finding(
                Problem.HOSTS_UNTRIED,
                at.where(),
                "from one host nearly every storage looks safe, and no other has tried this directory together with this one",
                Remedy.of(
                        "Run this on both hosts at once, on each in the directory as it reaches it, as the user that opens"
                                + " the database.",
                        "walsafe torture " + Shell.quote(PlaceTroubles.directory(at.where())) + " --peer")));
    }
}
