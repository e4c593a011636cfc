/**
 * Real filesystems between real kernels on one machine, to see what walsafe says and does there. {@link walsafe.lab.Lab}
 * sets it up and takes it down: User-Mode Linux guests on a {@link walsafe.lab.Wire} of their own, each a {@link
 * walsafe.lab.Guest}, with {@link walsafe.lab.Share}s mounted. What runs inside a guest is in {@link
 * walsafe.lab.inside}. Nothing outlives the process that made it, however that one ends.
 */
package walsafe.lab;
