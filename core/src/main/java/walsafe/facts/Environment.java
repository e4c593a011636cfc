package walsafe.facts;

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
}
