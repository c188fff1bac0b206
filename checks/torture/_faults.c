/* A disk that fails once, or for good: preloaded, armed by tests/faults/wounds.py.
 *
 * Calls on regular files under a prefix are counted by kind; the N-th one fails with an error
 * number, or kills the process before it happens.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE, FSYNC, RENAME, OPEN, KINDS };
static char prefix[4096];
static long counts[KINDS], strike[KINDS];
static int number = ENOSPC, forever = 0, kills = 0, armed = 0;

void faults_arm(const char *under, int kind, long n, int error, int for_good, int kill_self) {
    strncpy(prefix, under, sizeof prefix - 1);
    memset(strike, 0, sizeof strike);
    memset(counts, 0, sizeof counts);
    if (kind >= 0) strike[kind] = n;
    number = error; forever = for_good; kills = kill_self; armed = 1;
}
long faults_count(int kind) { return counts[kind]; }

static int hit(int kind) {
    long now = __sync_add_and_fetch(&counts[kind], 1);
    if (!strike[kind] || now < strike[kind] || (now > strike[kind] && !forever)) return 0;
    if (kills) kill(getpid(), SIGKILL);
    errno = number;
    return 1;
}
static int under(const char *path) {
    return armed && path && strncmp(path, prefix, strlen(prefix)) == 0;
}
static int ours(int fd) {
    char link[64], path[4096];
    struct stat told;
    if (!armed || fstat(fd, &told) || !(S_ISREG(told.st_mode) || S_ISDIR(told.st_mode))) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return under(path) && !strstr(path, "run.log");
}

#define REAL(name) ({ static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name); real; })

ssize_t write(int fd, const void *data, size_t size) {
    if (ours(fd) && hit(WRITE)) return -1;
    return REAL(write)(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    if (ours(fd) && hit(WRITE)) return -1;
    return REAL(pwrite)(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    if (ours(fd) && hit(WRITE)) return -1;
    return REAL(pwrite64)(fd, data, size, at);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (ours(fd) && hit(WRITE)) return -1;
    return REAL(writev)(fd, parts, count);
}
int ftruncate(int fd, off_t size) {
    if (ours(fd) && hit(WRITE)) return -1;
    return REAL(ftruncate)(fd, size);
}
int ftruncate64(int fd, off64_t size) {
    if (ours(fd) && hit(WRITE)) return -1;
    return REAL(ftruncate64)(fd, size);
}
int fsync(int fd) {
    if (ours(fd) && hit(FSYNC)) return -1;
    return REAL(fsync)(fd);
}
int fdatasync(int fd) {
    if (ours(fd) && hit(FSYNC)) return -1;
    return REAL(fdatasync)(fd);
}
int rename(const char *from, const char *to) {
    if (under(to) && hit(RENAME)) return -1;
    return REAL(rename)(from, to);
}
int renameat(int a, const char *from, int b, const char *to) {
    if (under(to) && hit(RENAME)) return -1;
    return REAL(renameat)(a, from, b, to);
}
int renameat2(int a, const char *from, int b, const char *to, unsigned int flags) {
    if (under(to) && hit(RENAME)) return -1;
    return REAL(renameat2)(a, from, b, to, flags);
}
int link(const char *from, const char *to) {
    if (under(to) && hit(OPEN)) return -1;
    return REAL(link)(from, to);
}
int mkdir(const char *path, mode_t mode) {
    if (under(path) && hit(OPEN)) return -1;
    return REAL(mkdir)(path, mode);
}
