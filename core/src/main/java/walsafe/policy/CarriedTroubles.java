package walsafe.policy;

import java.util.List;
import java.util.Optional;
import walsafe.facts.Signpost;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.words.Shell;

/** Whether the data has moved away, and whether somebody has written here since. */
final class CarriedTroubles {
    private CarriedTroubles() {}

    static List<Finding> of(Case at) {
        return at.facts().database().carriedTo().stream()
                .map(signpost -> carried(at, signpost))
                .toList();
    }

    private static Finding carried(Case at, Signpost signpost) {
        Optional<String> changes = signpost.changesIn(at.facts().database());
        String split =
                "; this file has changed since (" + changes.orElse("") + "), so both places may hold rows of their own";
        return new Finding(
                Problem.CARRIED_ELSEWHERE,
                at.where(),
                place(signpost) + (changes.isPresent() ? split : "; this file is as it was then"),
                changes.isPresent()
                        ? Remedy.of(
                                "Stop every program, keep both files, and compare their rows before either is used again.",
                                "walsafe explain " + Problem.CARRIED_ELSEWHERE.id())
                        : Remedy.of(
                                "Open it where the signpost says, with Intent.elsewhere of that directory; write nothing here.",
                                "cat "
                                        + Shell.quote(Signpost.file(java.nio.file.Path.of(at.where()))
                                                .toString())));
    }

    private static String place(Signpost signpost) {
        if (signpost.to().isEmpty()) return "its signpost cannot be read, so where the data is now could not be told";
        String host = signpost.host().isEmpty() ? "" : " on host " + signpost.host();
        return "carried to " + signpost.to() + host + " at " + signpost.carriedAt();
    }
}
