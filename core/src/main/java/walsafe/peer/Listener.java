package walsafe.peer;

import java.net.InetSocketAddress;

/** Hears how it goes, from another thread; must return soon. */
public interface Listener {
    /** This side listens at that address, and who connects has to give that token. */
    void listening(InetSocketAddress address, String token);

    /** What is being done now, a clause. */
    void doing(String what);
}
