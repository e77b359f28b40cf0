// sseload upstream|client: a paced server of event streams, and a client that checks each event.
#include "sseload.h"

#include <signal.h>
#include <string.h>

#include "net.h"

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    if (argc > 1 && strcmp(argv[1], "upstream") == 0) return run_upstream(argc, argv);
    if (argc > 1 && strcmp(argv[1], "client") == 0) return run_client(argc, argv);
    die("usage: sseload upstream --events N [--interval-ms 50]\n"
        "       sseload client --port P --key K --model M --streams K --events N [--ramp-ms 1000] [--timeout-s 60]");
}
