package walsafe.facts;

import java.util.List;
import java.util.Optional;

/** Finds the storage under a database. */
final class StorageLook {
    private StorageLook() {}

    static Storage at(String os, Target target) {
        return new Storage(
                Optional.empty(),
                Storage.Found.NOT_FOUND,
                StorageClass.UNKNOWN,
                Reach.UNKNOWN,
                Answers.NONE,
                Optional.empty(),
                List.of(),
                false);
    }
}
