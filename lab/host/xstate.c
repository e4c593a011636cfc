/* For CPUs with AMX, whose registers take 11,008 bytes: User-Mode Linux 6.1 keeps the first 2,696 (x87, SSE, AVX, AVX-512,
   PKRU), and the host refuses to set less than all of them, so every guest dies at its first process. Preloaded into
   linux.uml, this sets what UML knows and leaves the rest as it is; nobody in a guest can use AMX, which must be asked for. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

long ptrace(enum __ptrace_request request, ...) {
  static long (*real)(enum __ptrace_request, ...);
  static char whole[65536] __attribute__((aligned(64)));
  va_list rest;
  va_start(rest, request);
  pid_t pid = va_arg(rest, pid_t);
  void *address = va_arg(rest, void *);
  void *data = va_arg(rest, void *);
  va_end(rest);
  if (!real) real = (long (*)(enum __ptrace_request, ...))dlsym(RTLD_NEXT, "ptrace");
  if (request != PTRACE_SETREGSET || address != (void *)NT_X86_XSTATE) return real(request, pid, address, data);
  struct iovec *part = data, all = {whole, sizeof whole};
  if (real(PTRACE_GETREGSET, pid, address, &all) < 0) return -1;
  if (part->iov_len < all.iov_len) memcpy(whole, part->iov_base, part->iov_len);
  return real(request, pid, address, part->iov_len < all.iov_len ? &all : part);
}
