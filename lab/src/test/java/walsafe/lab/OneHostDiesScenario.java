package walsafe.lab;

import org.junit.jupiter.api.Test;

/** The short part of {@link HostsDieScenario}, on NFSv4.2: a host, and a container, killed in the middle of a transaction. */
class OneHostDiesScenario extends Scenario {
    @Test
    void aHostIsKilledInTheMiddle() throws Exception {
        Disaster.aHostIsKilledInTheMiddle(Share.NFS42);
    }

    @Test
    void aContainerIsKilledInTheMiddleAndRestarts() throws Exception {
        Disaster.aContainerRestarts(Share.NFS42, 1);
    }
}
