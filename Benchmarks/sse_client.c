// Many concurrent event streams through one address; every event is checked and timed.
//
// Lateness is the time of the read minus the send time inside the event: both sides read the same
// clock. Two events that were sent at least MERGE_GAP_NS apart but came out of one read were merged
// on the way: something held the first one back.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net.h"
#include "sseload.h"

enum { READ_SIZE = 65536, LINE_LIMIT = 4096, TEXT_LIMIT = 8192, READY = 256 };
enum { MERGE_GAP_NS = 25000000, LATE_US = 50000 };

enum phase { HEAD, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILER, DONE };

struct stream {
    int fd;
    enum phase phase;
    char text[TEXT_LIMIT + 1];  // the answer's head, then lines of the chunked coding
    size_t text_length;
    size_t chunk_left;
    char line[LINE_LIMIT + 1];  // a line of the event stream
    size_t line_length;
    long expected;              // the next sequence number
    int saw_finish, saw_usage, saw_done;
    uint64_t first_sent_in_read;
};

static struct {
    long events, disorder, errors, finished, merged, late;
    uint32_t *lateness_us;
    size_t lateness_room;
    long open;
} total;

static uint64_t digits(const char *text, int count) {
    uint64_t value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') return UINT64_MAX;
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    return value;
}

static void take_event(struct stream *s, const char *mark, uint64_t arrived) {
    const char *sequence = mark + sizeof EVENT_MARK - 1;
    uint64_t number = digits(sequence, EVENT_SEQUENCE_DIGITS);
    uint64_t sent = digits(sequence + EVENT_SEQUENCE_DIGITS + 1, EVENT_TIME_DIGITS);
    if (number != (uint64_t)s->expected || sent > arrived) {
        total.disorder++;
        return;
    }
    s->expected++;
    uint32_t late = (uint32_t)((arrived - sent) / 1000);
    if ((size_t)total.events < total.lateness_room) total.lateness_us[total.events] = late;
    total.events++;
    if (late > LATE_US) total.late++;
    if (s->first_sent_in_read && sent - s->first_sent_in_read >= MERGE_GAP_NS) total.merged++;
    else if (!s->first_sent_in_read) s->first_sent_in_read = sent;
}

static void take_line(struct stream *s, uint64_t arrived) {
    s->line[s->line_length] = 0;
    s->line_length = 0;
    const char *mark = strstr(s->line, EVENT_MARK);
    if (mark) take_event(s, mark, arrived);
    if (strstr(s->line, "\"stop\"")) s->saw_finish = 1;
    if (strstr(s->line, "\"total_tokens\"")) s->saw_usage = 1;
    if (strcmp(s->line, "data: [DONE]") == 0) s->saw_done = 1;
}

/// Checks the answer's head, which is whole.
static int take_head(struct stream *s) {
    s->text[s->text_length] = 0;
    s->text_length = 0;
    s->phase = CHUNK_SIZE;
    if (strncmp(s->text, "HTTP/1.1 200 ", 13) == 0 && strcasestr(s->text, "\r\ntransfer-encoding: chunked")) return 0;
    if (total.errors == 0) fprintf(stderr, "unexpected answer: %.300s\n", s->text);
    return -1;
}

/// A line of the chunked coding: a chunk's size, the end of a chunk, or a trailer.
static void take_framing_line(struct stream *s) {
    s->text[s->text_length] = 0;
    int empty = s->text_length == 0;
    s->text_length = 0;
    if (s->phase == TRAILER) {
        if (empty) s->phase = DONE;
    } else if (s->phase == CHUNK_END) {
        s->phase = CHUNK_SIZE;
    } else {
        s->chunk_left = strtoul(s->text, NULL, 16);
        s->phase = s->chunk_left ? CHUNK_DATA : TRAILER;
    }
}

static int take_framing(struct stream *s, char c) {
    if (s->text_length == TEXT_LIMIT) return -1;
    if (s->phase == HEAD) {
        s->text[s->text_length++] = c;
        int whole = s->text_length >= 4 && memcmp(s->text + s->text_length - 4, "\r\n\r\n", 4) == 0;
        return whole ? take_head(s) : 0;
    }
    if (c == '\n') take_framing_line(s);
    else if (c != '\r') s->text[s->text_length++] = c;
    return 0;
}

static int take_bytes(struct stream *s, const char *bytes, size_t length, uint64_t arrived) {
    for (size_t i = 0; i < length && s->phase != DONE; i++) {
        if (s->phase != CHUNK_DATA) {
            if (take_framing(s, bytes[i]) != 0) return -1;
            continue;
        }
        if (bytes[i] == '\n') take_line(s, arrived);
        else if (s->line_length < LINE_LIMIT) s->line[s->line_length++] = bytes[i];
        if (--s->chunk_left == 0) s->phase = CHUNK_END;
    }
    return 0;
}

static void end_stream(struct stream *s, int failed) {
    if (failed || !s->saw_finish || !s->saw_usage || !s->saw_done) total.errors++;
    else total.finished++;
    close(s->fd);
    s->fd = -1;
    total.open--;
}

static void read_stream(struct stream *s) {
    static char buffer[READ_SIZE];
    ssize_t n = recv(s->fd, buffer, sizeof buffer, 0);
    uint64_t arrived = now_ns();
    if (n < 0 && errno == EAGAIN) return;
    s->first_sent_in_read = 0;
    int failed = n <= 0 || take_bytes(s, buffer, (size_t)n, arrived) != 0;
    if (failed || s->phase == DONE) end_stream(s, failed);
}

static void open_stream(struct stream *s, int poller, uint16_t port, const char *request, size_t length) {
    s->fd = connect_loopback(port, 0);
    if (send(s->fd, request, length, MSG_NOSIGNAL) != (ssize_t)length) die("send: %s", strerror(errno));
    set_nonblocking(s->fd);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
    epoll_ctl(poller, EPOLL_CTL_ADD, s->fd, &event);
    total.open++;
}

static size_t make_request(char *out, size_t room, uint16_t port, const char *key, const char *model) {
    char body[1024];
    int length = snprintf(body, sizeof body,
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"},"
        "{\"role\":\"user\",\"content\":\"Tell me how a gateway works.\"}],"
        "\"stream\":true,\"stream_options\":{\"include_usage\":true}}", model);
    return (size_t)snprintf(out, room,
        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAuthorization: Bearer %s\r\n"
        "Content-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: %d\r\n\r\n%s",
        port, key, length, body);
}

static void print_result(long streams, long events, double seconds) {
    size_t count = (size_t)total.events;
    sort_u32(total.lateness_us, count);
    printf("{\"streams\": %ld, \"streams_finished\": %ld, \"errors\": %ld, \"events_expected\": %ld, \"events\": %ld, "
           "\"disorder\": %ld, \"merged\": %ld, \"late_over_50ms\": %ld, \"late_us_p50\": %u, \"late_us_p99\": %u, "
           "\"late_us_max\": %u, \"seconds\": %.3f}\n",
        streams, total.finished, total.errors, streams * events, total.events, total.disorder, total.merged, total.late,
        quantile(total.lateness_us, count, 0.5), quantile(total.lateness_us, count, 0.99),
        quantile(total.lateness_us, count, 1.0), seconds);
}

int run_client(int argc, char **argv) {
    uint16_t port = (uint16_t)option_number(argc, argv, "--port", 0);
    long count = option_number(argc, argv, "--streams", 1000), events = option_number(argc, argv, "--events", 200);
    uint64_t ramp_ns = (uint64_t)option_number(argc, argv, "--ramp-ms", 1000) * 1000000u;
    uint64_t limit_ns = (uint64_t)option_number(argc, argv, "--timeout-s", 60) * 1000000000u;
    char request[4096];
    size_t length = make_request(request, sizeof request, port, option(argc, argv, "--key", "none"),
        option(argc, argv, "--model", "openai/o4-mini"));

    struct stream *streams = calloc((size_t)count, sizeof *streams);
    total.lateness_room = (size_t)(count * events);
    total.lateness_us = calloc(total.lateness_room, sizeof *total.lateness_us);
    int poller = epoll_create1(EPOLL_CLOEXEC);
    if (!streams || !total.lateness_us || poller < 0) die("cannot allocate");

    uint64_t start = now_ns();
    for (long opened = 0; opened < count || total.open > 0;) {
        uint64_t elapsed = now_ns() - start;
        if (elapsed > limit_ns) break;
        while (opened < count && elapsed >= ramp_ns * (uint64_t)opened / (uint64_t)count)
            open_stream(&streams[opened++], poller, port, request, length);
        struct epoll_event ready[READY];
        int found = epoll_wait(poller, ready, READY, opened < count ? 1 : 100);
        for (int i = 0; i < found; i++) read_stream(ready[i].data.ptr);
    }
    total.errors += total.open;
    print_result(count, events, (double)(now_ns() - start) / 1e9);
    return 0;
}
