// Small socket and clock helpers shared by the load tools. IPv4 loopback only.
#ifndef LOAD_NET_H
#define LOAD_NET_H

#include <stddef.h>
#include <stdint.h>

/// Nanoseconds of CLOCK_MONOTONIC: one clock for every process of the machine.
uint64_t now_ns(void);

/// Prints a message and ends the process with status 1.
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...);

/// Listens on 127.0.0.1 and returns the socket; writes the port taken into *port.
int listen_loopback(uint16_t *port);

/// Connects to 127.0.0.1 with TCP_NODELAY; non-blocking once connected if asked.
int connect_loopback(uint16_t port, int nonblocking);

void set_nonblocking(int fd);
void set_nodelay(int fd);

/// The value after `--name` in argv, or `fallback`; dies if there is neither.
const char *option(int argc, char **argv, const char *name, const char *fallback);
long option_number(int argc, char **argv, const char *name, long fallback);

/// Sorts values in place.
void sort_u32(uint32_t *values, size_t count);

/// The given quantile (0...1) of sorted values; 0 when there are none.
uint32_t quantile(const uint32_t *sorted, size_t count, double q);

#endif
