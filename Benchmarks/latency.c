// latency --rounds R --block N name:port:key ...
// One request at a time on one kept connection for each target, targets taking turns in blocks.
// Prints each target's quantiles in microseconds.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "net.h"

enum { TARGETS = 8, WARM = 50, ANSWER_LIMIT = 65536 };

struct target {
    char name[32];
    uint16_t port;
    int fd;
    char request[4096];
    size_t request_length;
    uint32_t *samples_ns;
    size_t count;
};

static const char body[] =
    "{\"model\":\"openai/o4-mini\",\"messages\":[{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"},"
    "{\"role\":\"user\",\"content\":\"Name three rivers of Europe and say in one sentence where each begins.\"}],"
    "\"max_completion_tokens\":256}";

static void parse_target(struct target *t, const char *text) {
    char key[256] = "none";
    unsigned port = 0;
    if (sscanf(text, "%31[^:]:%u:%255s", t->name, &port, key) < 2) die("bad target %s", text);
    t->port = (uint16_t)port;
    t->request_length = (size_t)snprintf(t->request, sizeof t->request,
        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAuthorization: Bearer %s\r\n"
        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
        port, key, sizeof body - 1, body);
}

/// Reads one whole answer with a Content-Length; dies unless its status is 200.
static void read_answer(const struct target *t) {
    static char answer[ANSWER_LIMIT + 1];
    size_t length = 0, whole = 0;
    while (whole == 0 || length < whole) {
        ssize_t n = recv(t->fd, answer + length, ANSWER_LIMIT - length, 0);
        if (n <= 0) die("%s: connection ended: %s", t->name, n < 0 ? strerror(errno) : "closed");
        length += (size_t)n;
        answer[length] = 0;
        const char *end = whole ? NULL : strstr(answer, "\r\n\r\n");
        if (!end) continue;
        const char *field = strcasestr(answer, "\r\ncontent-length:");
        if (strncmp(answer, "HTTP/1.1 200 ", 13) != 0 || !field) die("%s: unexpected answer: %.300s", t->name, answer);
        whole = (size_t)(end + 4 - answer) + strtoul(field + 17, NULL, 10);
        if (whole > ANSWER_LIMIT) die("%s: answer too long", t->name);
    }
}

static uint32_t ask(const struct target *t) {
    uint64_t start = now_ns();
    if (send(t->fd, t->request, t->request_length, MSG_NOSIGNAL) != (ssize_t)t->request_length)
        die("%s: send: %s", t->name, strerror(errno));
    read_answer(t);
    return (uint32_t)(now_ns() - start);
}

static void print_target(struct target *t, int last) {
    sort_u32(t->samples_ns, t->count);
    printf("  \"%s\": {\"requests\": %zu, \"p50_us\": %.1f, \"p90_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f}%s\n",
        t->name, t->count, quantile(t->samples_ns, t->count, 0.5) / 1e3, quantile(t->samples_ns, t->count, 0.9) / 1e3,
        quantile(t->samples_ns, t->count, 0.99) / 1e3, quantile(t->samples_ns, t->count, 1) / 1e3, last ? "" : ",");
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    long rounds = option_number(argc, argv, "--rounds", 10), block = option_number(argc, argv, "--block", 500);
    static struct target targets[TARGETS];
    int count = 0;
    for (int i = 1; i < argc && count < TARGETS; i++) {
        if (argv[i][0] == '-') i++;
        else parse_target(&targets[count++], argv[i]);
    }
    for (int i = 0; i < count; i++) {
        targets[i].samples_ns = calloc((size_t)(rounds * block), sizeof(uint32_t));
        if (!targets[i].samples_ns) die("out of memory");
        targets[i].fd = connect_loopback(targets[i].port, 0);
    }
    for (long round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++) {
            for (int warm = 0; warm < WARM; warm++) ask(&targets[i]);
            for (long n = 0; n < block; n++) targets[i].samples_ns[targets[i].count++] = ask(&targets[i]);
        }
    printf("{\n");
    for (int i = 0; i < count; i++) print_target(&targets[i], i == count - 1);
    printf("}\n");
    return 0;
}
