package walsafe.facts;

/** A program of its own that tells, a line each, what it makes of its host. Tests start it in odd places. */
final class HostTeller {
    private HostTeller() {}

    public static void main(String[] arguments) {
        Host host = HostLook.here();
        System.out.println("boot " + host.bootId().orElse("none"));
        System.out.println("replaced " + host.bootIdReplaced());
        System.out.println("visible " + host.allProcessesVisible());
        System.out.println("page " + host.memoryPageBytes());
        host.environments().forEach(environment -> System.out.println("in " + environment));
        host.signals().forEach(signal -> System.out.println("# " + signal));
    }
}
