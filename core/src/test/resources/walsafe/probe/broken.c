/*
 * A storage that lies, for files of a probe only. BROKEN=locks grants every lock, BROKEN=sync forgets fsync, BROKEN=mmap
 * gives each process pages of its own.   cc -shared -fPIC -o broken.so broken.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int lies(const char *about, int fd) {
    const char *broken = getenv("BROKEN");
    char link[64], path[4096];
    if (!broken || strcmp(broken, about) || fd < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return strstr(path, ".walsafe-probe-") != NULL;
}

static int control(const char *name, int fd, int cmd, void *argument) {
    int (*real)(int, int, ...) = (int (*)(int, int, ...)) dlsym(RTLD_NEXT, name);
    if ((cmd == F_SETLK || cmd == F_SETLKW) && lies("locks", fd)) return 0;
    return real(fd, cmd, argument);
}

#define CONTROL(name)                          \
    int name(int fd, int cmd, ...) {           \
        va_list more;                          \
        va_start(more, cmd);                   \
        void *argument = va_arg(more, void *); \
        va_end(more);                          \
        return control(#name, fd, cmd, argument); \
    }
CONTROL(fcntl)
CONTROL(fcntl64)

#define SYNC(name)                                                 \
    int name(int fd) {                                             \
        int (*real)(int) = (int (*)(int)) dlsym(RTLD_NEXT, #name); \
        return lies("sync", fd) ? 0 : real(fd);                    \
    }
SYNC(fsync)
SYNC(fdatasync)

#define MAP(name, offset_type)                                                                       \
    void *name(void *at, size_t bytes, int may, int flags, int fd, offset_type offset) {             \
        static void *(*real)(void *, size_t, int, int, int, offset_type);                            \
        if (!real) real = (void *(*)(void *, size_t, int, int, int, offset_type)) dlsym(RTLD_NEXT, #name); \
        if ((flags & MAP_SHARED) && lies("mmap", fd)) flags = (flags & ~MAP_SHARED) | MAP_PRIVATE;  \
        return real(at, bytes, may, flags, fd, offset);                                              \
    }
MAP(mmap, off_t)
MAP(mmap64, off64_t)
