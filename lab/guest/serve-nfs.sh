# In guest s: exports /mnt/exp by the kernel's nfsd, versions 3 and 4.
/run/modprobe nfsd || exit 1
mount -t nfsd nfsd /proc/fs/nfsd || exit 1
rpcbind -w
rpc.statd --no-notify
# During the grace period, 90 s by default, every lock request hangs. 10 is the least that v4 takes.
echo 10 >/proc/fs/nfsd/nfsv4gracetime
echo 10 >/proc/fs/nfsd/nfsv4leasetime
echo 3 >/proc/sys/fs/nfs/nlm_timeout
echo 1 >/proc/sys/fs/nfs/nlm_grace_period
exportfs -o rw,sync,no_wdelay,no_root_squash,no_subtree_check,fsid=0,insecure '*:/mnt/exp' || exit 1
rpc.nfsd -V 3 -V 4 4 || exit 1
rpc.mountd -V 3 || exit 1
echo Y >/proc/fs/nfsd/v4_end_grace
