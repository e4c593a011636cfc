"""Serves an autofs mount (Documentation/filesystems/autofs.rst): whatever name is looked up becomes a tmpfs.

For a test of what happens to a path that is mounted by looking at it. Usage: autofs.py POINT, as root."""

import fcntl
import os
import struct
import subprocess
import sys

AUTOFS_IOC_READY = 0x9360

point = sys.argv[1]
reader, writer = os.pipe()
os.setpgrp()  # the kernel lets this group look without mounting
options = f"fd={writer},pgrp={os.getpgrp()},minproto=5,maxproto=5,indirect"
subprocess.run(["mount", "-t", "autofs", "-o", options, "walsafe", point], check=True, pass_fds=[writer])
os.close(writer)
root = os.open(point, os.O_RDONLY)
print("ready", flush=True)

while packet := os.read(reader, 304):  # struct autofs_v5_packet
    token, = struct.unpack_from("<I", packet, 8)
    length, = struct.unpack_from("<I", packet, 40)
    name = os.path.join(point, packet[44:44 + length].decode())
    os.makedirs(name, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", name], check=True)
    fcntl.ioctl(root, AUTOFS_IOC_READY, token)
