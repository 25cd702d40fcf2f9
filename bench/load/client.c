/* One connection: opening it, its script, bytes in and out. */

#define _GNU_SOURCE
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"

#define READ_AT_ONCE 65536

static void run_script(struct client *client);

/* --- open and closed ------------------------------------------------------------------------------------------------ */

static void listen_for(struct client *client, uint32_t events, int operation)
{
    struct epoll_event event = {.events = events, .data.ptr = client};
    if (epoll_ctl(poller, operation, client->socket, &event))
        perror("epoll_ctl");
}

static void shut(struct client *client)
{
    if (client->socket >= 0)
        close(client->socket);
    client->socket = -1;
    client->is_connected = client->is_upgraded = client->is_writing = false;
    client->in.length = client->out.length = client->xml_looked_at = 0;
    client->frames = client->frames_at_ping = 0;
}

/* While getting ready one tries again, as a client would; later it is lost. */
static void drop(struct client *client)
{
    shut(client);
    if (client->is_ready) {
        lost++;
        client->is_waiting = false;
    } else {
        retries++;
        client->retry_at = now() + 500 * MILLISECOND + random() % SECOND;
    }
}

static void open_connection(struct client *client, const struct step *step)
{
    int one = 1;
    shut(client);
    client->framing = step->framing;
    client->xml_depth = 0;
    client->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client->socket < 0) {
        perror("socket");
        exit(1);
    }
    setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(client->socket, (const struct sockaddr *)&step->address, sizeof step->address) && errno != EINPROGRESS) {
        drop(client);
        return;
    }
    client->is_writing = true;
    listen_for(client, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
}

/* --- out ------------------------------------------------------------------------------------------------------------ */

static void flush(struct client *client)
{
    size_t written = 0;
    while (written < client->out.length) {
        ssize_t some = send(client->socket, client->out.start + written, client->out.length - written, MSG_NOSIGNAL);
        if (some <= 0)
            break; /* full, or gone: reading will tell */
        written += (size_t)some;
    }
    drop_front(&client->out, written);
    bool must_wait = client->out.length > 0;
    if (must_wait != client->is_writing) {
        client->is_writing = must_wait;
        listen_for(client, must_wait ? EPOLLIN | EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
    }
}

static void put(struct client *client, int opcode, const char *text, size_t length)
{
    if (client->socket < 0)
        return;
    wrap(&client->out, client->framing, opcode, text, length);
    flush(client);
}

void say(struct client *client, const char *template, int64_t at)
{
    static struct buffer text;
    text.length = 0;
    fill(&text, template, client, at);
    put(client, 1, text.start, text.length);
}

/* --- the script ----------------------------------------------------------------------------------------------------- */

void begin(struct client *client)
{
    client->step = 0;
    client->retry_at = 0;
    run_script(client);
}

static void run_script(struct client *client)
{
    const struct crew *crew = client->crew;
    for (; client->step < crew->step_count; client->step++) {
        const struct step *step = &crew->steps[client->step];
        if (step->deed == OPEN)
            open_connection(client, step);
        else if (step->deed == SAY)
            say(client, step->text, now());
        if (step->deed != SAY)
            return;
    }
    client->is_ready = true;
    became_ready(client);
}

static void take_next_step(struct client *client)
{
    client->step++;
    run_script(client);
}

static void keep(struct client *client, const char *found, const char *end)
{
    size_t length = 0;
    while (found + length < end && length < sizeof client->kept - 1 && !strchr("\"'<>", found[length]))
        length++;
    memcpy(client->kept, found, length);
    client->kept[length] = 0;
}

static void follow_script(struct client *client, const char *frame, size_t length)
{
    const struct step *step = &client->crew->steps[client->step];
    const char *found = after(&step->pattern, frame, length);
    if (!found)
        return;
    if (step->deed == KEEP)
        keep(client, found, frame + length);
    take_next_step(client);
}

/* --- in ------------------------------------------------------------------------------------------------------------- */

static void take(struct client *client, const char *text, size_t length)
{
    const struct crew *crew = client->crew;
    if (getenv("TRACE") && client->index < 2)
        fprintf(stderr, "%u < %.*s\n", client->index, (int)(length < 600 ? length : 600), text);
    client->frames++;
    if (after(&crew->knock, text, length))
        say(client, crew->answer, now());
    else if (client->is_ready)
        hear(client, text, length);
    else
        follow_script(client, text, length);
}

static void take_frames(struct client *client)
{
    size_t taken = 0;
    int same = client->socket;
    while (client->socket == same && taken < client->in.length) {
        struct frame frame = next_frame(client, client->in.start + taken, client->in.length - taken);
        if (frame.kind == INCOMPLETE)
            break;
        taken += frame.whole;
        if (frame.kind == CLOSE) {
            drop(client);
            return;
        }
        if (frame.kind == PING)
            put(client, 10, frame.text, frame.length);
        else
            take(client, frame.text, frame.length);
    }
    if (client->socket == same && client->in.length >= taken)
        drop_front(&client->in, taken);
}

static void take_upgrade(struct client *client)
{
    size_t head = upgrade_answered(client->in.start, client->in.length);
    if (!head)
        return;
    if (!memmem(client->in.start, head, " 101 ", 5)) {
        drop(client);
        return;
    }
    client->is_upgraded = true;
    drop_front(&client->in, head);
    take_next_step(client);
}

static void receive(struct client *client)
{
    ssize_t some = recv(client->socket, make_room(&client->in, READ_AT_ONCE), READ_AT_ONCE, 0);
    if (some < 0 && errno == EAGAIN)
        return;
    if (some <= 0) {
        drop(client);
        return;
    }
    client->in.length += (size_t)some;
    if (client->framing == WEBSOCKET && !client->is_upgraded)
        take_upgrade(client);
    if (client->socket >= 0 && (client->framing != WEBSOCKET || client->is_upgraded))
        take_frames(client);
}

static void connected(struct client *client)
{
    client->is_connected = true;
    if (client->framing == WEBSOCKET)
        ask_for_upgrade(&client->out, &client->crew->steps[client->step]);
    else
        take_next_step(client);
    flush(client);
}

void serve(struct client *client, uint32_t events)
{
    if (events & (EPOLLERR | EPOLLHUP) && !(events & EPOLLIN)) {
        drop(client);
        return;
    }
    if (events & EPOLLOUT) {
        if (client->is_connected)
            flush(client);
        else
            connected(client);
    }
    if (events & EPOLLIN && client->socket >= 0)
        receive(client);
}
