package walsafe.peer;

import java.net.InetSocketAddress;

/** How the other host is found. */
public sealed interface Way {
    /** Through names in the directory that both share. */
    record Names() implements Way {}

    /**
     * The other connects.
     *
     * @param address where to listen; port 0 for any that is free
     */
    record Listen(InetSocketAddress address) implements Way {}

    /**
     * The other listens.
     *
     * @param token what it has printed
     */
    record Connect(String host, int port, String token) implements Way {}
}
