// A vendor that streams: any POST is answered with paced chat completion chunks.
//
// Time is cut into slots of an interval; each stream owns one slot, so streams are spread evenly
// over the interval however they arrive, and one pass of the wheel sends each stream one event.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "net.h"
#include "sseload.h"

enum { SLOTS = 100, REQUEST_LIMIT = 16384, PENDING_LIMIT = 1 << 20, READY = 256 };

struct stream {
    int fd;
    long sent;         // events sent of this answer; -1 while no answer is under way
    int wants_usage;
    int slot;
    struct stream *next, *previous;  // within the slot
    size_t request_length;
    char request[REQUEST_LIMIT + 1];
    char *pending;     // bytes the socket did not take yet
    size_t pending_length;
};

static struct stream *wheel[SLOTS];
static long event_count;
static unsigned long accepted;
static int poller;

static const char head[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n"
    "Transfer-Encoding: chunked\r\n\r\n";
#define ENVELOPE                                                                                  \
    "{\"id\":\"chatcmpl-BqZ7wXkP2rT9sVnLc4mYhJ8d\",\"object\":\"chat.completion.chunk\","         \
    "\"created\":1776947082,\"model\":\"o4-mini-2025-04-16\","

static void leave_wheel(struct stream *s) {
    if (s->previous) s->previous->next = s->next;
    else if (wheel[s->slot] == s) wheel[s->slot] = s->next;
    if (s->next) s->next->previous = s->previous;
    s->next = s->previous = NULL;
    s->sent = -1;
}

static void drop(struct stream *s) {
    leave_wheel(s);
    close(s->fd);
    free(s->pending);
    free(s);
}

static int send_bytes(struct stream *s, const char *bytes, size_t length) {
    size_t done = 0;
    if (s->pending_length == 0) {
        ssize_t n = send(s->fd, bytes, length, MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN) return -1;
        done = n < 0 ? 0 : (size_t)n;
    }
    if (done == length) return 0;
    size_t rest = length - done;
    if (s->pending_length + rest > PENDING_LIMIT) return -1;
    char *grown = realloc(s->pending, s->pending_length + rest);
    if (!grown) die("out of memory");
    memcpy(grown + s->pending_length, bytes + done, rest);
    s->pending = grown;
    s->pending_length += rest;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = s};
    epoll_ctl(poller, EPOLL_CTL_MOD, s->fd, &event);
    return 0;
}

static int flush_pending(struct stream *s) {
    ssize_t n = send(s->fd, s->pending, s->pending_length, MSG_NOSIGNAL);
    if (n < 0) return errno == EAGAIN ? 0 : -1;
    s->pending_length -= (size_t)n;
    memmove(s->pending, s->pending + n, s->pending_length);
    if (s->pending_length > 0) return 0;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
    return epoll_ctl(poller, EPOLL_CTL_MOD, s->fd, &event);
}

/// One event as one HTTP chunk.
static size_t frame(char *out, size_t room, const char *data) {
    return (size_t)snprintf(out, room, "%zx\r\ndata: %s\n\n\r\n", strlen(data) + 8, data);
}

static int send_event(struct stream *s) {
    char data[512], out[640];
    snprintf(data, sizeof data,
        ENVELOPE "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"#%0*ld@%0*llu word\"},\"finish_reason\":null}]}",
        EVENT_SEQUENCE_DIGITS, s->sent, EVENT_TIME_DIGITS, (unsigned long long)now_ns());
    s->sent++;
    return send_bytes(s, out, frame(out, sizeof out, data));
}

static int send_finish(struct stream *s) {
    char data[512], out[2048];
    size_t length = frame(out, sizeof out,
        ENVELOPE "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
    if (s->wants_usage) {
        snprintf(data, sizeof data,
            ENVELOPE "\"choices\":[],\"usage\":{\"prompt_tokens\":42,\"completion_tokens\":%ld,\"total_tokens\":%ld}}",
            event_count, event_count + 42);
        length += frame(out + length, sizeof out - length, data);
    }
    length += frame(out + length, sizeof out - length, "[DONE]");
    length += (size_t)snprintf(out + length, sizeof out - length, "0\r\n\r\n");
    return send_bytes(s, out, length);
}

/// Sends what a slot owes. A stream whose peer has gone is dropped by its hang-up event.
static void turn_slot(int slot) {
    for (struct stream *s = wheel[slot], *next; s; s = next) {
        next = s->next;
        int last = s->sent == event_count;
        int failed = last ? send_finish(s) : send_event(s);
        if (failed || last) leave_wheel(s);
    }
}

static void begin_answer(struct stream *s) {
    s->wants_usage = strstr(s->request, "include_usage") != NULL;
    s->sent = 0;
    char out[1024];
    size_t length = sizeof head - 1;
    memcpy(out, head, length);
    length += frame(out + length, sizeof out - length,
        ENVELOPE "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"},\"finish_reason\":null}]}");
    if (send_bytes(s, out, length)) return;
    s->next = wheel[s->slot];
    s->previous = NULL;
    if (s->next) s->next->previous = s;
    wheel[s->slot] = s;
}

/// The length of the whole request when it is all there, else 0. Content-Length bodies only.
static size_t request_end(const struct stream *s) {
    const char *end = strstr(s->request, "\r\n\r\n");
    if (!end) return 0;
    const char *field = strcasestr(s->request, "\r\ncontent-length:");
    size_t body = field && field < end ? strtoul(field + 17, NULL, 10) : 0;
    size_t total = (size_t)(end + 4 - s->request) + body;
    return s->request_length >= total ? total : 0;
}

static int read_request(struct stream *s) {
    ssize_t n = recv(s->fd, s->request + s->request_length, REQUEST_LIMIT - s->request_length, 0);
    if (n < 0) return errno == EAGAIN ? 0 : -1;
    if (n == 0) return -1;
    s->request_length += (size_t)n;
    s->request[s->request_length] = 0;
    if (s->request_length == REQUEST_LIMIT) return -1;
    if (s->sent < 0 && request_end(s) > 0) {
        begin_answer(s);
        s->request_length = 0;
    }
    return 0;
}

static void accept_all(int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        set_nodelay(fd);
        struct stream *s = calloc(1, sizeof *s);
        if (!s) die("out of memory");
        s->fd = fd;
        s->sent = -1;
        s->slot = (int)(accepted++ * 37 % SLOTS);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
    }
}

static void serve_ready(const struct epoll_event *ready, int count, int listener) {
    for (int i = 0; i < count; i++) {
        struct stream *s = ready[i].data.ptr;
        if (!s) {
            accept_all(listener);
            continue;
        }
        int gone = (ready[i].events & (EPOLLERR | EPOLLHUP)) != 0;
        if (!gone && (ready[i].events & EPOLLOUT) && s->pending_length > 0) gone = flush_pending(s) != 0;
        if (!gone && (ready[i].events & EPOLLIN)) gone = read_request(s) != 0;
        if (gone) drop(s);
    }
}

int run_upstream(int argc, char **argv) {
    event_count = option_number(argc, argv, "--events", 200);
    uint64_t slot_ns = (uint64_t)option_number(argc, argv, "--interval-ms", 50) * 1000000u / SLOTS;
    uint16_t port = 0;
    int listener = listen_loopback(&port);
    set_nonblocking(listener);
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, ready[READY];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    printf("%u\n", port);
    fflush(stdout);

    uint64_t due = now_ns() + slot_ns;
    for (unsigned slot = 0;;) {
        uint64_t now = now_ns();
        uint64_t wait = due > now ? due - now : 0;
        struct timespec timeout = {.tv_sec = 0, .tv_nsec = (long)wait};
        int count = epoll_pwait2(poller, ready, READY, &timeout, NULL);
        serve_ready(ready, count, listener);
        for (; now_ns() >= due; due += slot_ns, slot = (slot + 1) % SLOTS) turn_slot((int)slot);
    }
}
