#include "net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

void set_nonblocking(int fd) {
    if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) != 0) die("fcntl: %s", strerror(errno));
}

void set_nodelay(int fd) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static struct sockaddr_in loopback(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int listen_loopback(uint16_t *port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, 4096) != 0)
        die("listen: %s", strerror(errno));
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0) die("getsockname: %s", strerror(errno));
    *port = ntohs(address.sin_port);
    return fd;
}

int connect_loopback(uint16_t port, int nonblocking) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = loopback(port);
    if (fd < 0) die("socket: %s", strerror(errno));
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        die("connect to port %u: %s", port, strerror(errno));
    set_nodelay(fd);
    if (nonblocking) set_nonblocking(fd);
    return fd;
}

const char *option(int argc, char **argv, const char *name, const char *fallback) {
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0) return argv[i + 1];
    if (fallback == NULL) die("missing %s", name);
    return fallback;
}

long option_number(int argc, char **argv, const char *name, long fallback) {
    char text[32];
    snprintf(text, sizeof text, "%ld", fallback);
    char *end = NULL;
    const char *given = option(argc, argv, name, text);
    long value = strtol(given, &end, 10);
    if (*given == 0 || *end != 0) die("%s wants a number, not '%s'", name, given);
    return value;
}

static int compare_u32(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

void sort_u32(uint32_t *values, size_t count) { qsort(values, count, sizeof *values, compare_u32); }

uint32_t quantile(const uint32_t *sorted, size_t count, double q) {
    if (count == 0) return 0;
    size_t index = (size_t)(q * (double)(count - 1) + 0.5);
    return sorted[index < count ? index : count - 1];
}
