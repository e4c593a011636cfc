package walsafe.facts;

/**
 * One sign of an environment. A single sign is never enough: a {@code /.dockerenv} left in an image makes other tools
 * call a bare virtual machine "docker".
 *
 * @param environment what it speaks for
 * @param confidencePercent 0 to 100
 * @param seen what was seen, for a bug report
 * @param against true where it speaks against: a root filesystem on a block device denies "container"
 */
public record Signal(Environment environment, int confidencePercent, String seen, boolean against) {}
