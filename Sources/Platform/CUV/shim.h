#pragma once

#include <sys/epoll.h>
#include <uv.h>

// An epoll set of our own, which a loop watches as one descriptor. Swift does not see epoll's union.

static inline int aig_epoll_create(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}

static inline int aig_epoll_add_hangup(int set, int socket, uint64_t token) {
    struct epoll_event event = {.events = EPOLLRDHUP | EPOLLET, .data = {.u64 = token}};
    return epoll_ctl(set, EPOLL_CTL_ADD, socket, &event);
}

/// Fills `tokens` with those of the sockets whose peers left; returns how many.
static inline int aig_epoll_take_hangups(int set, uint64_t *tokens, int limit) {
    struct epoll_event events[64];
    int count = epoll_wait(set, events, limit < 64 ? limit : 64, 0);
    for (int index = 0; index < count; index++) tokens[index] = events[index].data.u64;
    return count;
}
