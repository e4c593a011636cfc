# In guest s: exports /mnt/exp by nfsd as serve-nfs.sh does, but knows its clients again after a reboot, as a real server
# does: what statd and nfsdcld write down lies on the disk. $1 is "again" after the first boot; then the grace period runs.
/run/modprobe nfsd || exit 1
mount -t nfsd nfsd /proc/fs/nfsd || exit 1
mkdir -p /mnt/exp/.state
[ "$1" = again ] || cp -a /var/lib/nfs/. /mnt/exp/.state/
mount --bind /mnt/exp/.state /var/lib/nfs
mkdir -p /var/lib/nfs/nfsdcld /var/lib/nfs/rpc_pipefs
mount -t rpc_pipefs rpc_pipefs /var/lib/nfs/rpc_pipefs || exit 1
nfsdcld || exit 1
rpcbind -w
rpc.statd --no-notify
echo 10 >/proc/fs/nfsd/nfsv4gracetime
echo 10 >/proc/fs/nfsd/nfsv4leasetime
echo 3 >/proc/sys/fs/nfs/nlm_timeout
echo 1 >/proc/sys/fs/nfs/nlm_grace_period
exportfs -o rw,sync,no_wdelay,no_root_squash,no_subtree_check,fsid=0,insecure '*:/mnt/exp' || exit 1
rpc.nfsd -V 3 -V 4 4 || exit 1
rpc.mountd -V 3 || exit 1
[ "$1" = again ] || echo Y >/proc/fs/nfsd/v4_end_grace
if [ "$1" = again ]; then sm-notify -f; fi
exit 0
