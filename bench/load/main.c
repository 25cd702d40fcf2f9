/* The run: everybody ready, a line on stdin, warm up, measure, drain, report. */

#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "load.h"

#define EVENTS 512
#define TICK (20 * MILLISECOND)

enum phase phase = OPENING;
int poller;
uint64_t retries, lost;

static int begun, ready;
static volatile sig_atomic_t must_stop;
static int64_t opened_at, phase_ends = INT64_MAX;
static int64_t *ready_after;

/* --- getting ready -------------------------------------------------------------------------------------------------- */

static void begin_more(void)
{
    while (begun < plan.client_count && (!plan.opening || begun - ready < plan.opening))
        begin(plan.clients[begun++]);
}

void became_ready(struct client *client)
{
    int64_t at = now();
    client->receipt_at = client->ping_at = at;
    ready_after[ready++] = at - opened_at;
}

static void announce(const char *word)
{
    printf("%s\n", word);
    fflush(stdout);
}

/* --- phases --------------------------------------------------------------------------------------------------------- */

static double cpu_seconds(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static void start_sending(int64_t at)
{
    for (int i = 0; i < plan.crew_count; i++) {
        struct crew *crew = &plan.crews[i];
        crew->next_at = at;
        for (int j = 0; crew->loop == CLOSED && j < crew->client_count; j++)
            send_message(crew->clients[j], at);
    }
}

static void change_phase(int64_t at)
{
    static double wall, cpu;
    switch (phase) {
    case READY:
        phase = WARMING;
        phase_ends = at + (int64_t)(plan.warmup * SECOND);
        start_sending(at);
        break;
    case WARMING:
        phase = MEASURING;
        phase_ends = at + (int64_t)(plan.seconds * SECOND);
        wall = (double)at;
        cpu = cpu_seconds();
        announce("begin");
        break;
    case MEASURING:
        phase = DRAINING;
        phase_ends = at + (int64_t)(plan.drain * SECOND);
        wall = ((double)at - wall) / SECOND;
        cpu = cpu_seconds() - cpu;
        announce("end");
        break;
    default:
        report(wall, cpu, ready_after);
        exit(0);
    }
}

/* --- time ----------------------------------------------------------------------------------------------------------- */

/* What is due of the open loops. A message counts from when it was due, however late we come to it. */
static void send_what_is_due(int64_t at)
{
    for (int i = 0; i < plan.crew_count; i++) {
        struct crew *crew = &plan.crews[i];
        if (crew->loop != OPEN_LOOP)
            continue;
        for (; crew->next_at <= at; crew->next_at += (int64_t)((double)SECOND / crew->rate)) {
            send_message(crew->clients[crew->next_client], crew->next_at);
            crew->next_client = (crew->next_client + 1) % crew->client_count;
        }
    }
}

static int64_t next_due(int64_t tick)
{
    int64_t due = phase_ends < tick ? phase_ends : tick;
    for (int i = 0; i < plan.crew_count && (phase == WARMING || phase == MEASURING); i++)
        if (plan.crews[i].loop == OPEN_LOOP && plan.crews[i].next_at < due)
            due = plan.crews[i].next_at;
    return due;
}

static void look_after_all(int64_t at)
{
    for (int i = 0; i < begun; i++) {
        struct client *client = plan.clients[i];
        if (client->is_ready && client->socket >= 0)
            look_after(client, at);
        else if (client->retry_at && client->retry_at <= at)
            begin(client);
    }
}

static void stop(int signal)
{
    (void)signal;
    must_stop = 1;
}

static void read_stdin(void)
{
    char line[16];
    if (read(0, line, sizeof line) <= 0)
        exit(0); /* whoever started us has gone, or has seen enough */
    change_phase(now());
}

int main(int argc, char **argv)
{
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (argc != 2) {
        fprintf(stderr, "Usage: load PLAN\n");
        return 2;
    }
    read_plan(argv[1]);
    ready_after = calloc((size_t)plan.client_count, sizeof *ready_after);
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event events[EVENTS], stdin_event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(poller, EPOLL_CTL_ADD, 0, &stdin_event);
    srandom((unsigned)getpid());
    signal(SIGTERM, stop);
    opened_at = now();

    for (int64_t tick = opened_at; !must_stop;) {
        int64_t at = now();
        if (at >= tick) {
            look_after_all(at);
            tick = at + TICK;
        }
        if (phase == OPENING) {
            begin_more();
            if (ready == plan.client_count) {
                phase = READY;
                announce("ready");
            }
        }
        if (at >= phase_ends)
            change_phase(at);
        if (phase == WARMING || phase == MEASURING)
            send_what_is_due(at);
        int64_t wait = next_due(tick) - now();
        struct timespec timeout = {.tv_sec = 0, .tv_nsec = wait > 0 ? wait : 0};
        int count = epoll_pwait2(poller, events, EVENTS, &timeout, NULL);
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr)
                serve(events[i].data.ptr, events[i].events);
            else
                read_stdin();
        }
    }
    printf("%d of %d were ready, after %llu new attempts\n", ready, plan.client_count, (unsigned long long)retries);
    return 1;
}
