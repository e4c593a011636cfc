package walsafe.facts;

import java.util.Optional;
import java.util.OptionalLong;
import walsafe.facts.DatabaseFacts.Content;
import walsafe.format.Header;
import walsafe.format.Journal;
import walsafe.format.WalIndex;
import walsafe.format.WalSummary;

/**
 * What the bytes of a database and of the files beside it say; the fields mean what they do in {@link DatabaseFacts}.
 *
 * @param openHere was a file not read because it is open in the process that looked
 */
record FileBytes(
        Content content,
        Optional<String> looksLike,
        Optional<Header> header,
        Optional<WalSummary> wal,
        Optional<WalIndex> shm,
        Optional<Journal> journal,
        Optional<String> notRead,
        boolean openHere) {
    /** Nothing was read, of whatever there is. */
    static FileBytes unread(boolean exists, OptionalLong walBytes, String because) {
        return new FileBytes(
                exists ? Content.NOT_READ : Content.NONE,
                Optional.empty(),
                Optional.empty(),
                walBytes.isPresent() ? Optional.of(WalSummary.unread(walBytes.getAsLong(), because)) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(because),
                false);
    }
}
