package walsafe.facts;

import java.util.Optional;

/** Where this process runs, as far as it changes the wording of advice. It never decides whether a mode is safe. */
public enum Environment {
    CONTAINER("a container"),
    DOCKER("a Docker container"),
    PODMAN("a Podman container"),
    KUBERNETES("a Kubernetes pod"),
    LXC("an LXC container"),
    NSPAWN("a systemd-nspawn container"),
    OPENVZ("an OpenVZ container"),
    PROOT("proot, which makes up paths"),
    CHROOT("a chroot"),
    VM("a virtual machine"),
    FIRECRACKER("a Firecracker virtual machine"),
    UML("User-Mode Linux"),
    WSL1("WSL 1"),
    WSL2("WSL 2"),
    DOCKER_DESKTOP("Docker Desktop's virtual machine"),
    ORBSTACK("OrbStack's virtual machine"),
    LIMA("a Lima or Colima virtual machine"),
    PODMAN_MACHINE("Podman's virtual machine"),
    GVISOR("gVisor, a kernel of its own"),
    KATA("Kata Containers, a kernel of its own per pod"),
    EMULATED_CPU("an emulated processor"),
    CI("a build service"),
    CLOUD("a cloud service");

    private final String words;

    Environment(String words) {
        this.words = words;
    }

    /** With its article, for the middle of a sentence. */
    public String words() {
        return words;
    }

    /**
     * The wider environment that this one always lies in. WSL 1 lies in none: it has no Linux kernel at all. gVisor is
     * none of Linux's containers, so what speaks against those does not speak against it. Kata's pod is a machine;
     * containers in both speak for themselves.
     */
    public Optional<Environment> wider() {
        return switch (this) {
            case DOCKER, PODMAN, KUBERNETES, LXC, NSPAWN, OPENVZ -> Optional.of(CONTAINER);
            case FIRECRACKER, UML, WSL2, DOCKER_DESKTOP, ORBSTACK, LIMA, PODMAN_MACHINE, KATA -> Optional.of(VM);
            default -> Optional.empty();
        };
    }
}
