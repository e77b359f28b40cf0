// The two ends of the stream measurement. Events carry a sequence number and their send time:
//   "content":"#<seq, 6 digits>@<CLOCK_MONOTONIC ns, 19 digits> ..."
#ifndef SSELOAD_H
#define SSELOAD_H

#define EVENT_MARK "\"#"
#define EVENT_SEQUENCE_DIGITS 6
#define EVENT_TIME_DIGITS 19

int run_upstream(int argc, char **argv);
int run_client(int argc, char **argv);

#endif
