package walsafe.facts;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at the machine, the kernel and the namespaces that this process runs in. */
final class HostLook {
    private HostLook() {}

    static Host here() {
        return new Host(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN,
                0,
                Optional.empty(),
                false,
                Optional.empty(),
                false,
                Optional.empty(),
                Set.of(),
                List.of());
    }
}
