# In guest s: exports /mnt/exp by diod, 9P2000.L over TCP. Unlike QEMU's server it passes locks on.
diod -n -e /mnt/exp -l 0.0.0.0:564 -L /run/diod.log
