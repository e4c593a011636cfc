# In guest s: exports /mnt/exp as "x" by Samba with its defaults; user root, password lab.
mkdir -p /run/samba/private /run/samba/ncalrpc
cat >/run/samba/smb.conf <<X
[global]
 workgroup=LAB
 server role=standalone server
 private dir=/run/samba/private
 lock directory=/run/samba
 state directory=/run/samba
 cache directory=/run/samba
 pid directory=/run/samba
 ncalrpc dir=/run/samba/ncalrpc
 log file=/run/samba/log.%m
 disable netbios=yes
 smb ports=445
 load printers=no
 printcap name=/dev/null
 disable spoolss=yes
 map to guest=never
[x]
 path=/mnt/exp
 read only=no
X
printf 'lab\nlab\n' | smbpasswd -c /run/samba/smb.conf -s -a root || exit 1
smbd -D -s /run/samba/smb.conf
