/* Loaded before the C library: writes to files end with an error for as long as the switch is there.
 *
 * What a kernel does that found its disk failing, and what no mount can be told to do to files that are open.
 * DISK_SWITCH names a file; when it exists, its first line is the number of the error. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int refusal(void) {
    const char *path = getenv("DISK_SWITCH");
    char text[16] = {0};
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return 0;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    return length > 0 ? atoi(text) : 0;
}

#define UNLESS_REFUSED(name, ...)                                    \
    int error = refusal();                                           \
    if (error) {                                                     \
        errno = error;                                               \
        return -1;                                                   \
    }                                                                \
    return ((__typeof__(&name))dlsym(RTLD_NEXT, #name))(__VA_ARGS__)

ssize_t pwrite(int file, const void *data, size_t size, off_t at) { UNLESS_REFUSED(pwrite, file, data, size, at); }
ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    UNLESS_REFUSED(pwrite64, file, data, size, at);
}
int ftruncate(int file, off_t size) { UNLESS_REFUSED(ftruncate, file, size); }
int ftruncate64(int file, off64_t size) { UNLESS_REFUSED(ftruncate64, file, size); }
int fdatasync(int file) { UNLESS_REFUSED(fdatasync, file); }
int fsync(int file) { UNLESS_REFUSED(fsync, file); }
