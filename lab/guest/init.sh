#!/bin/sh
# /sbin/init of every guest. The root is the host's own "/", read-only through hostfs; all that a guest must write lies in
# memory. The kernel hands unknown "KEY=value" boot words over as environment: NAME, IP, JOBS (a host directory of this
# guest's own, the only one it may write), GUEST (this directory).
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmpfs /run
mkdir -p /run/lock /run/rpcbind /run/samba /run/sshd /run/tmp /run/cache /run/lab
mount -t tmpfs tmpfs /mnt
mount -t tmpfs tmpfs /var/lib/nfs
mkdir -p /var/lib/nfs/sm /var/lib/nfs/sm.bak /var/lib/nfs/rpc_pipefs /var/lib/nfs/v4recovery
touch /var/lib/nfs/etab /var/lib/nfs/rmtab /var/lib/nfs/state
mount -t tmpfs tmpfs /var/tmp
mkdir -p /mnt/jobs
mount -t hostfs -o "$JOBS" none /mnt/jobs
mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
ln -sf /proc/self/fd /dev/fd 2>/dev/null
hostname "$NAME"
# diod insists on reverse names, others would wait for a name server.
printf '127.0.0.1 localhost\n10.9.0.1 s\n10.9.0.11 a\n10.9.0.12 b\n' >/run/hosts
mount --bind /run/hosts /etc/hosts
ip link set lo up
ip addr add "$IP/24" dev eth0
ip link set eth0 up

# Modules lie where Debian's package puts them. The kernel's own requests (ciphers for SMB) need a modprobe that knows.
mkdir -p /run/mods/lib/modules
ln -s "/usr/lib/uml/modules/$(uname -r)" "/run/mods/lib/modules/$(uname -r)"
printf '#!/bin/sh\nexec /usr/sbin/modprobe -d /run/mods "$@"\n' >/run/modprobe
chmod +x /run/modprobe
echo /run/modprobe >/proc/sys/kernel/modprobe

export TMPDIR=/run/tmp XDG_CACHE_HOME=/run/cache
# A line on the console is the name of a job: a script in /mnt/jobs. What it says goes beside it, so that words of the
# kernel do not get mixed in, and closing a file on hostfs writes it to the host before the end is told.
stty -echo 2>/dev/null
echo "@@ready $NAME;"
while IFS= read -r job; do
  {
    sh "/mnt/jobs/$job.sh" >"/mnt/jobs/$job.out" 2>&1 </dev/null
    echo "@@$job rc=$?;"
  } &
done
exec busybox poweroff -f
