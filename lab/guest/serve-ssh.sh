# In guest s: sftp for sshfs, with the throw-away key of this lab.
cp "$LAB/key" /run/lab/key
cp "$LAB/key.pub" /run/lab/authorized
chmod 600 /run/lab/key /run/lab/authorized
chown 0:0 /run/lab/key /run/lab/authorized
/usr/sbin/sshd -f /dev/null -h /run/lab/key -o AuthorizedKeysFile=/run/lab/authorized -o StrictModes=no \
  -o PermitRootLogin=yes -o UsePAM=no -o Subsystem='sftp internal-sftp' -o PidFile=/run/sshd.pid
