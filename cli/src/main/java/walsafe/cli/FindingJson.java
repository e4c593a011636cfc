package walsafe.cli;

import walsafe.finding.Finding;
import walsafe.finding.Remedy;
import walsafe.finding.Weight;

/** A finding as JSON: the problem's id and title take the place of the enum's name. */
record FindingJson(String id, String title, Weight weight, String where, String seen, Remedy remedy) {
    static FindingJson of(Finding finding) {
        return new FindingJson(
                finding.problem().id(),
                finding.problem().title(),
                finding.weight(),
                finding.where(),
                finding.seen(),
                finding.remedy());
    }
}
