/* What a client does once it is ready: sends, hears, answers, says what it has received. */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

#define STALLED_AFTER (5 * SECOND)

/* --- the mark of time, in every message: when it was to be said, by whom, and which of theirs it is ----------------- */

#define MARK "~t"

struct mark {
    int64_t at;
    uint32_t client;
    uint32_t number;
};

static bool read_mark(struct mark *mark, const char *frame, size_t length)
{
    static const struct pattern pattern = {.text = MARK, .length = sizeof MARK - 1};
    const char *found = after(&pattern, frame, length);
    unsigned long long at;
    if (!found || sscanf(found, "%16llx%8x%8x", &at, &mark->client, &mark->number) != 3)
        return false;
    mark->at = (int64_t)at;
    return mark->client < (uint32_t)plan.client_count;
}

/* --- texts -------------------------------------------------------------------------------------------------------- */

static void append_uuid(struct buffer *out)
{
    static unsigned char hex[] = "0123456789abcdef";
    char text[36];
    for (int i = 0; i < 36; i++)
        text[i] = (char)hex[random() & 15];
    text[8] = text[13] = text[18] = text[23] = '-';
    text[14] = '4';
    text[19] = '8';
    append(out, text, sizeof text);
}

static void append_number(struct buffer *out, uint64_t number)
{
    char text[24];
    append(out, text, (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)number));
}

static void append_mark(struct buffer *out, const struct client *client, int64_t at)
{
    char text[40];
    append(out, text, (size_t)snprintf(text, sizeof text, MARK "%016llx%08x%08x", (unsigned long long)at, client->index,
                                       (uint32_t)client->number));
}

static void append_field(struct buffer *out, char field, const struct client *client, int64_t at)
{
    switch (field) {
    case 'k':
        append_word(out, client->kept);
        break;
    case 'n':
        append_number(out, client->number);
        break;
    case 's':
        append_number(out, client->noted);
        break;
    case 'f':
        append_number(out, client->frames);
        break;
    case 'u':
        append_uuid(out);
        break;
    case 't':
        append_mark(out, client, at);
        break;
    case '%':
        append(out, "%", 1);
        break;
    default:
        if (field >= '1' && field <= '8' && client->values[field - '1'])
            append_word(out, client->values[field - '1']);
    }
}

void fill(struct buffer *out, const char *template, const struct client *client, int64_t at)
{
    for (;;) {
        const char *field = strchrnul(template, '%');
        append(out, template, (size_t)(field - template));
        if (!field[0] || !field[1])
            return;
        append_field(out, field[1], client, at);
        template = field + 2;
    }
}

/* --- sending ------------------------------------------------------------------------------------------------------ */

void send_message(struct client *client, int64_t at)
{
    struct crew *crew = client->crew;
    client->number++;
    client->said_at[client->number % REMEMBERED] = at;
    client->is_waiting = true;
    client->was_acked = false;
    client->heard = 0;
    crew->whole.sent++;
    if (phase == MEASURING)
        crew->measured.sent++;
    say(client, crew->message, at);
}

static bool is_sending(void)
{
    return phase == WARMING || phase == MEASURING;
}

/* In a closed loop: the next one, when this one is done with. */
static void go_on(struct client *client)
{
    if (client->crew->loop != CLOSED || !client->is_waiting || !client->was_acked || client->heard < client->crew->hearers)
        return;
    client->is_waiting = false;
    if (is_sending())
        send_message(client, now());
}

/* --- hearing ------------------------------------------------------------------------------------------------------ */

static void hear_ack(struct client *client, uint64_t number)
{
    struct crew *crew = client->crew;
    if (!number || number > client->number)
        return; /* of something else, such as a ping */
    crew->whole.acked++;
    if (phase == MEASURING) {
        crew->measured.acked++;
        count(&crew->acked, now() - client->said_at[number % REMEMBERED]);
    }
    if (number == client->number)
        client->was_acked = true;
    go_on(client);
}

static void hear_refusal(struct client *client, const char *frame, size_t length)
{
    static int shown;
    if (shown++ < 3)
        fprintf(stderr, "refused: %.*s\n", (int)(length < 300 ? length : 300), frame);
    client->crew->whole.refused++;
    if (phase == MEASURING)
        client->crew->measured.refused++;
}

static void hear_news(struct client *client, const char *frame, size_t length)
{
    struct crew *crew = client->crew;
    struct mark mark;
    if (!read_mark(&mark, frame, length))
        return;
    crew->whole.delivered++;
    if (phase == MEASURING) {
        crew->measured.delivered++;
        count(&crew->delivered, now() - mark.at);
    }
    const char *noted = after(&crew->note, frame, length);
    if (noted)
        client->noted = number_at(noted, frame + length);
    struct client *sender = plan.clients[mark.client];
    if (mark.number == (uint32_t)sender->number) {
        sender->heard++;
        go_on(sender);
    }
}

void hear(struct client *client, const char *frame, size_t length)
{
    struct crew *crew = client->crew;
    const char *number = after(&crew->ack, frame, length);
    if (number)
        hear_ack(client, number_at(number, frame + length));
    else if (after(&crew->refusal, frame, length))
        hear_refusal(client, frame, length);
    else if (after(&crew->news, frame, length))
        hear_news(client, frame, length);
}

/* --- now and then --------------------------------------------------------------------------------------------------- */

void look_after(struct client *client, int64_t at)
{
    struct crew *crew = client->crew;
    if (crew->receipt && client->noted > client->noted_at_receipt && at - client->receipt_at >= crew->receipt_every) {
        client->noted_at_receipt = client->noted;
        client->receipt_at = at;
        say(client, crew->receipt, at);
    }
    uint64_t unsaid = client->frames - client->frames_at_ping;
    bool is_due = at - client->ping_at >= crew->ping_every;
    if (crew->ping && unsaid && (unsaid >= crew->ping_after || is_due)) {
        client->frames_at_ping = client->frames;
        client->ping_at = at;
        say(client, crew->ping, at);
    }
    if (crew->loop == CLOSED && client->is_waiting && at - client->said_at[client->number % REMEMBERED] > STALLED_AFTER) {
        crew->whole.stalled++;
        client->was_acked = true;
        client->heard = crew->hearers;
        go_on(client);
    }
}
