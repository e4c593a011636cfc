#!/usr/bin/python3
"""volatile-disk.py SOCKET IMAGE SEED CUTS [forgetful] - a disk with a write cache that forgets (vhost-user-blk, for UML).

What is written lies in the cache until the guest flushes, as in a real disk: the guest is told that there is a cache, and its
block layer turns FUA into a write and a flush. IMAGE is what is on the platter. When the guest ends, its power was cut: each
block of 4 KiB that was not flushed is then as it was at the last flush, or as one of the later writes left it, each by itself, by
chance. So writes are lost, kept and reordered. SEED and the number of the cut decide the chance, and how large it is: from
"nothing that was not flushed survives" to "nearly everything does". Each cut appends a line to CUTS: its number, the blocks
that were not flushed, and how many of them are not as the guest saw them last.

forgetful: flushes are acknowledged and ignored, as by a disk that lies, to see that this is noticed."""
import mmap, os, random, select, socket, struct, sys

socket_path, image_path, seed, cuts_path = sys.argv[1:5]
forgetful = sys.argv[5:] == ["forgetful"]

BLOCK = 4096  # kept or lost as a whole; sectors of 512 bytes may be addressed, as on any disk of today
ROOM = 1 << 15  # blocks, 128 MiB: a full cache writes out some block of its own choosing
SURVIVES = (0.0, 0.1, 0.5, 0.9)

image = open(image_path, "r+b")
size = os.fstat(image.fileno()).st_size
platter = mmap.mmap(image.fileno(), size)
cache = {}  # block -> its contents after each write since the last flush, the newest last
cached = 0


def block(number):
    versions = cache.get(number)
    return versions[-1] if versions else platter[number * BLOCK : (number + 1) * BLOCK]


def read(offset, length):
    if not cache:
        return platter[offset : offset + length]
    first, end = offset // BLOCK, (offset + length + BLOCK - 1) // BLOCK
    return b"".join(block(n) for n in range(first, end))[offset - first * BLOCK :][:length]


def write(offset, data):
    global cached
    while data:
        number, start = divmod(offset, BLOCK)
        part = data[: BLOCK - start]
        whole = part if len(part) == BLOCK else None
        if whole is None:
            old = block(number)
            whole = old[:start] + part + old[start + len(part) :]
        cache.setdefault(number, []).append(whole)
        cached += 1
        offset, data = offset + len(part), data[len(part) :]
    while cached > ROOM:
        destage(chance.choice(list(cache)))


def destage(number):
    global cached
    versions = cache.pop(number)
    platter[number * BLOCK : (number + 1) * BLOCK] = versions[-1]
    cached -= len(versions)


def flush():
    if not forgetful:
        for number in list(cache):
            destage(number)


def cut():
    global cached
    survives = chance.choice(SURVIVES)
    unflushed, lost = len(cache), 0
    for number in sorted(cache):
        versions = cache[number]
        if chance.random() < survives:
            kept = chance.choice(versions)
            platter[number * BLOCK : (number + 1) * BLOCK] = kept
            lost += kept != versions[-1]
        else:
            lost += 1
    cache.clear()
    cached = 0
    with open(cuts_path, "a") as told:
        told.write(f"{session}\t{unflushed}\t{lost}\n")


# virtio 1.1, 5.2.4: capacity, size_max, seg_max, geometry, blk_size, topology, writeback
CONFIG = struct.pack("<QIIHBBIBBHIB", size // 512, 0, 126, 0, 0, 0, 512, 3, 0, 1, 0, 1).ljust(64, b"\0")
# SEG_MAX, BLK_SIZE, FLUSH, TOPOLOGY, the protocol's own features, VERSION_1
FEATURES = 1 << 2 | 1 << 6 | 1 << 9 | 1 << 10 | 1 << 30 | 1 << 32
PROTOCOL = 1 << 5 | 1 << 9  # SLAVE_REQ, without which UML 6.1 asks for the wrong interrupt; CONFIG
(GET_FEATURES, SET_MEM_TABLE, SET_VRING_NUM, SET_VRING_ADDR, SET_VRING_BASE, GET_VRING_BASE, SET_VRING_KICK, SET_VRING_CALL,
 GET_PROTOCOL_FEATURES, SET_SLAVE_REQ_FD, GET_CONFIG) = 1, 5, 8, 9, 10, 11, 12, 13, 15, 21, 24


class Gone(Exception):
    pass


class Guest:
    """One boot: its memory, and its one queue (virtio 1.1, 2.6)."""

    def __init__(self, connection):
        self.connection = connection
        self.regions = []
        self.kick = self.call = self.requests = None
        self.length = self.seen = self.used_index = 0
        self.rings = None

    def serve(self):
        while True:
            ready = select.select([self.connection] + ([self.kick] if self.kick is not None else []), [], [])[0]
            if self.connection in ready:
                self.message()
            elif ready:
                os.read(self.kick, 8)
                self.work()

    def message(self):
        head, fds, _, _ = socket.recv_fds(self.connection, 12, 8)
        if len(head) < 12:
            raise Gone
        request, _, length = struct.unpack("<III", head)
        body = self.connection.recv(length, socket.MSG_WAITALL) if length else b""
        if request == GET_FEATURES:
            self.reply(request, struct.pack("<Q", FEATURES))
        elif request == GET_PROTOCOL_FEATURES:
            self.reply(request, struct.pack("<Q", PROTOCOL))
        elif request == GET_CONFIG:
            offset, count, flags = struct.unpack_from("<III", body)
            self.reply(request, struct.pack("<III", offset, count, flags) + CONFIG[offset : offset + count].ljust(count, b"\0"))
        elif request == SET_MEM_TABLE:
            for i in range(struct.unpack_from("<I", body)[0]):
                start, count, _, offset = struct.unpack_from("<QQQQ", body, 8 + 32 * i)
                aligned = offset - offset % mmap.ALLOCATIONGRANULARITY
                memory = mmap.mmap(fds[i], count + offset - aligned, offset=aligned)
                self.regions.append((start, start + count, offset - aligned, memory))
        elif request == SET_VRING_NUM:
            self.length = struct.unpack("<II", body)[1]
        elif request == SET_VRING_ADDR:
            _, _, table, used, available, _ = struct.unpack("<IIQQQQ", body)
            self.rings = self.place(table), self.place(available), self.place(used)
        elif request == SET_VRING_BASE:
            self.seen = self.used_index = struct.unpack("<II", body)[1]
        elif request == GET_VRING_BASE:
            self.reply(request, struct.pack("<II", 0, self.seen))
        elif request == SET_VRING_KICK:
            self.kick = os.dup(fds[0]) if fds else None
        elif request == SET_VRING_CALL:
            self.call = os.dup(fds[0]) if fds else None
        elif request == SET_SLAVE_REQ_FD:
            self.requests = os.dup(fds[0])  # nothing is asked by it
        for fd in fds:
            os.close(fd)

    def reply(self, request, body):
        self.connection.sendall(struct.pack("<III", request, 1 | 4, len(body)) + body)

    def place(self, address):
        for start, end, offset, memory in self.regions:
            if start <= address < end:
                return memory, address - start + offset
        raise Gone

    def work(self):
        (table, at), (available, ready), (used, done) = self.rings
        progress = False
        while self.seen != struct.unpack_from("<H", available, ready + 2)[0]:
            first = number = struct.unpack_from("<H", available, ready + 4 + 2 * (self.seen % self.length))[0]
            chain = []
            while True:
                address, length, flags, following = struct.unpack_from("<QIHH", table, at + 16 * number)
                chain.append((address, length))
                if not flags & 1:
                    break
                number = following
            written = self.request(chain)
            struct.pack_into("<II", used, done + 4 + 8 * (self.used_index % self.length), first, written)
            self.seen = (self.seen + 1) & 0xFFFF
            self.used_index = (self.used_index + 1) & 0xFFFF
            struct.pack_into("<H", used, done + 2, self.used_index)
            progress = True
        if progress and self.call is not None:
            os.write(self.call, struct.pack("<Q", 1))

    def request(self, chain):
        memory, at = self.place(chain[0][0])
        kind, _, sector = struct.unpack_from("<IIQ", memory, at)
        offset, written = sector * 512, 1
        status = 0
        for address, length in chain[1:-1]:
            memory, at = self.place(address)
            if kind == 0:
                memory[at : at + length] = read(offset, length)
                written += length
            elif kind == 1:
                write(offset, memory[at : at + length])
            elif kind == 8:
                memory[at : at + length] = os.path.basename(socket_path).encode()[:length].ljust(length, b"\0")
                written += length
            offset += length
        if kind == 4:
            flush()
        elif kind not in (0, 1, 8):
            status = 2
        memory, at = self.place(chain[-1][0])
        memory[at] = status
        return written


listener = socket.socket(socket.AF_UNIX)
listener.bind(socket_path)
listener.listen(1)
session = 0
while True:
    connection, _ = listener.accept()
    chance = random.Random(f"{seed}/{session}")
    guest = Guest(connection)
    try:
        guest.serve()
    except (Gone, ConnectionError, BrokenPipeError):
        pass
    connection.close()
    for fd in (guest.kick, guest.call, guest.requests):
        if fd is not None:
            os.close(fd)
    for region in guest.regions:
        region[3].close()
    cut()
    session += 1
