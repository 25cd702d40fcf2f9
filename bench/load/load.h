/* A load generator for chat servers: one thread, epoll, nothing but libc.
 *
 * It reads a plan (plan.c), lets every client run its script until it is ready, says "ready", waits for a line on stdin,
 * warms up, says "begin", measures, says "end", lets what is under way arrive, and prints a report in JSON. */

#ifndef LOAD_H
#define LOAD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MILLISECOND 1000000LL
#define SECOND (1000 * MILLISECOND)

int64_t now(void); /* nanoseconds of the monotonic clock */

/* --- text (text.c) ----------------------------------------------------------------------------------------------- */

struct buffer {
    char *start;
    size_t length, room;
};

void append(struct buffer *buffer, const void *bytes, size_t length);
void append_word(struct buffer *buffer, const char *word);
char *make_room(struct buffer *buffer, size_t length);
void drop_front(struct buffer *buffer, size_t length);

struct pattern {
    const char *text;
    size_t length;
    bool at_start; /* written with a leading ^ */
};

/* What follows the pattern in the frame, or NULL when it is not there (or was never set). */
const char *after(const struct pattern *pattern, const char *frame, size_t length);

uint64_t number_at(const char *text, const char *end);

/* --- histogram (histogram.c): microseconds, to 1.6 % ------------------------------------------------------------- */

#define BUCKETS 2048

struct histogram {
    uint64_t counts[BUCKETS], total, sum, highest;
};

void count(struct histogram *histogram, int64_t nanoseconds);
double milliseconds_at(const struct histogram *histogram, double share);

/* --- the plan (plan.c) ------------------------------------------------------------------------------------------- */

#define MOST_STEPS 24
#define MOST_CREWS 8
#define MOST_VALUES 8
#define REMEMBERED 256

enum framing { HTTP, WEBSOCKET, XML };
enum deed { OPEN, SAY, WAIT, KEEP };
enum loop { NONE, CLOSED, OPEN_LOOP };

struct step {
    enum deed deed;
    enum framing framing;
    struct sockaddr_in address;
    const char *path, *subprotocol; /* of a WebSocket */
    const char *text;
    struct pattern pattern;
};

struct totals {
    uint64_t sent, acked, refused, delivered, stalled;
};

/* Clients of one kind: what they do to get ready, what they send, and how they know what they hear. */
struct crew {
    const char *name;
    struct step steps[MOST_STEPS];
    int step_count;

    enum loop loop;
    double rate;        /* of an open loop: messages a second, of all its clients together */
    uint64_t hearers;   /* of a closed loop: how many must have heard a message before its sender goes on */
    const char *message;
    struct pattern ack; /* the number of the message follows */
    struct pattern refusal;
    struct pattern news; /* somebody's message, marked with its time */
    struct pattern note; /* in news: a number that a receipt says again */
    const char *receipt;
    int64_t receipt_every;
    const char *ping;
    int64_t ping_every;
    uint64_t ping_after; /* frames */
    struct pattern knock;
    const char *answer; /* to a knock */

    struct client **clients;
    int client_count, next_client;
    int64_t next_at;
    struct totals measured, whole;
    struct histogram acked, delivered;
};

struct client {
    struct crew *crew;
    const char *values[MOST_VALUES];
    uint32_t index;
    int socket; /* -1 when closed */
    int step;
    bool is_connected, is_upgraded, is_ready, is_writing;
    enum framing framing;
    int xml_depth;
    size_t xml_looked_at;
    char kept[256];
    struct buffer in, out;
    int64_t retry_at;

    uint64_t number; /* of its last message */
    bool is_waiting, was_acked;
    uint64_t heard; /* how many heard its last message */
    int64_t said_at[REMEMBERED]; /* when its messages were to be said, by number */

    uint64_t frames, frames_at_ping, noted, noted_at_receipt;
    int64_t ping_at, receipt_at;
};

struct plan {
    struct crew crews[MOST_CREWS];
    int crew_count;
    struct client **clients;
    int client_count;
    int opening; /* how many get ready at the same time; 0: all of them */
    double warmup, seconds, drain;
};

extern struct plan plan;

void read_plan(const char *path);

/* --- frames (frames.c) ------------------------------------------------------------------------------------------- */

enum kind { INCOMPLETE, FRAME, PING, CLOSE };

struct frame {
    enum kind kind;
    const char *text;
    size_t length;
    size_t whole; /* with its header: what to drop */
};

struct frame next_frame(struct client *client, const char *bytes, size_t length);
void wrap(struct buffer *out, enum framing framing, int opcode, const char *text, size_t length);
void ask_for_upgrade(struct buffer *out, const struct step *step);
size_t upgrade_answered(const char *bytes, size_t length); /* its length, 0 while it is incomplete */

/* --- clients (client.c) and what they do (role.c) ---------------------------------------------------------------- */

void begin(struct client *client);
void serve(struct client *client, uint32_t events);
void say(struct client *client, const char *template, int64_t at);
void send_message(struct client *client, int64_t at);
void hear(struct client *client, const char *frame, size_t length);
void look_after(struct client *client, int64_t at);
void fill(struct buffer *out, const char *template, const struct client *client, int64_t at);

/* --- the run (main.c, report.c) ---------------------------------------------------------------------------------- */

enum phase { OPENING, READY, WARMING, MEASURING, DRAINING };

extern enum phase phase;
extern int poller;
extern uint64_t retries, lost;

void became_ready(struct client *client);
void report(double wall, double cpu, const int64_t *ready_after);

#endif
