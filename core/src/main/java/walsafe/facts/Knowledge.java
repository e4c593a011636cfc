package walsafe.facts;

/**
 * What the tables say about a filesystem as it is mounted.
 *
 * @param kind what sort of storage it is
 * @param reach who can reach its files
 * @param answers with the mount options considered
 */
public record Knowledge(StorageClass kind, Reach reach, Answers answers) {
    /** Never fails: a filesystem that is not in the tables has no answers. */
    public static Knowledge about(String os, Mount mount) {
        return new Knowledge(StorageClass.UNKNOWN, Reach.UNKNOWN, Answers.NONE);
    }
}
