package walsafe.cli;

import java.io.IOException;
import walsafe.custody.Custody;
import walsafe.facts.Facts;
import walsafe.finding.Finding;
import walsafe.finding.Problem;
import walsafe.finding.Remedy;
import walsafe.finding.WalsafeException;

/** What every command does before it tells of a database: puts in order what an interrupted replacement left. */
final class Settled {
    private Settled() {}

    /** @throws WalsafeException if it cannot be told how */
    static Facts facts(Facts facts) {
        try {
            return Custody.settled(facts);
        } catch (IOException e) {
            throw new WalsafeException(
                    new Finding(
                            Problem.REPLACEMENT_INTERRUPTED,
                            facts.target().asked(),
                            "it could not be put in order: " + e.getMessage(),
                            Remedy.of("Run the command again as the owner of the database, or as root.")),
                    e);
        }
    }
}
