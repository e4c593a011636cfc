package walsafe.child;

import java.util.List;

/**
 * What a child does. An implementation has a constructor without parameters, and runs in a process of its own where
 * nothing else has happened.
 */
@FunctionalInterface
public interface Task {
    /**
     * Does it. Returning ends the process; so does anything thrown, which {@link Child#hear} throws in the parent.
     *
     * @param arguments those given to {@link Child#start}
     */
    void run(List<String> arguments, Parent parent) throws Exception;
}
