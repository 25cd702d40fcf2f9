/* Where one frame ends and the next begins: HTTP answers, WebSocket frames, the stanzas of an XML stream. */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "load.h"

/* --- HTTP -------------------------------------------------------------------------------------------------------- */

static struct frame next_answer(const char *bytes, size_t length)
{
    struct frame none = {.kind = INCOMPLETE};
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end)
        return none;
    size_t head = (size_t)(end - bytes) + 4, body = 0;
    for (const char *line = bytes; line < end; line = (const char *)memmem(line, length, "\r\n", 2) + 2)
        if (!strncasecmp(line, "content-length:", 15))
            body = strtoul(line + 15, NULL, 10);
    if (length < head + body)
        return none;
    return (struct frame){FRAME, bytes, head + body, head + body};
}

/* --- WebSocket --------------------------------------------------------------------------------------------------- */

void ask_for_upgrade(struct buffer *out, const struct step *step)
{
    char head[1024];
    int length = snprintf(head, sizeof head,
                          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s\r\n",
                          step->path, ntohs(step->address.sin_port),
                          step->subprotocol ? "Sec-WebSocket-Protocol: " : "",
                          step->subprotocol ? step->subprotocol : "", step->subprotocol ? "\r\n" : "");
    append(out, head, (size_t)length);
}

size_t upgrade_answered(const char *bytes, size_t length)
{
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    return end ? (size_t)(end - bytes) + 4 : 0;
}

static struct frame next_message(const char *bytes, size_t length)
{
    const unsigned char *byte = (const unsigned char *)bytes;
    struct frame frame = {.kind = INCOMPLETE};
    size_t head = 2, body;
    if (length < 2)
        return frame;
    body = byte[1] & 127;
    if (body >= 126) {
        size_t wide = body == 126 ? 2 : 8;
        if (length < head + wide)
            return frame;
        body = 0;
        for (size_t i = 0; i < wide; i++)
            body = body << 8 | byte[head + i];
        head += wide;
    }
    if (length < head + body)
        return frame;
    int opcode = byte[0] & 15;
    if (!(byte[0] & 128) || opcode == 0) {
        fprintf(stderr, "a message in several frames is not understood\n");
        exit(2);
    }
    frame.kind = opcode == 8 ? CLOSE : opcode == 9 ? PING : FRAME;
    frame.text = bytes + head;
    frame.length = body;
    frame.whole = head + body;
    return frame;
}

static void wrap_message(struct buffer *out, int opcode, const char *text, size_t length)
{
    unsigned char head[8] = {(unsigned char)(128 | opcode)}, mask[4];
    size_t size = 2;
    if (length < 126)
        head[1] = (unsigned char)(128 | length);
    else if (length < 65536) {
        head[1] = 128 | 126;
        head[2] = (unsigned char)(length >> 8);
        head[3] = (unsigned char)length;
        size = 4;
    } else {
        fprintf(stderr, "a message of %zu bytes is too long\n", length);
        exit(2);
    }
    for (int i = 0; i < 4; i++)
        mask[i] = (unsigned char)random();
    append(out, head, size);
    append(out, mask, sizeof mask);
    char *to = make_room(out, length);
    for (size_t i = 0; i < length; i++)
        to[i] = (char)(text[i] ^ mask[i & 3]);
    out->length += length;
}

/* --- XML --------------------------------------------------------------------------------------------------------- */

/* A stanza is whole when its last tag brings us back to the level of the stream, whose own head is a frame as well. */
static struct frame next_stanza(struct client *client, const char *bytes, size_t length)
{
    size_t at = client->xml_looked_at;
    while (at < length) {
        const char *open = memchr(bytes + at, '<', length - at);
        const char *close = open ? memchr(open, '>', length - (size_t)(open - bytes)) : NULL;
        if (!close)
            break;
        bool is_head = (size_t)(close - open) > 14 && !memcmp(open, "<stream:stream", 14);
        if (open[1] == '/')
            client->xml_depth--;
        else if (is_head)
            client->xml_depth = 1;
        else if (open[1] != '?' && close[-1] != '/')
            client->xml_depth++;
        at = (size_t)(close - bytes) + 1;
        if (client->xml_depth <= 1 && open[1] != '?') {
            client->xml_looked_at = 0;
            return (struct frame){client->xml_depth ? FRAME : CLOSE, bytes, at, at};
        }
    }
    client->xml_looked_at = at;
    return (struct frame){.kind = INCOMPLETE};
}

/* --- all of them ------------------------------------------------------------------------------------------------- */

struct frame next_frame(struct client *client, const char *bytes, size_t length)
{
    switch (client->framing) {
    case WEBSOCKET:
        return next_message(bytes, length);
    case XML:
        return next_stanza(client, bytes, length);
    default:
        return next_answer(bytes, length);
    }
}

void wrap(struct buffer *out, enum framing framing, int opcode, const char *text, size_t length)
{
    if (framing == WEBSOCKET)
        wrap_message(out, opcode, text, length);
    else
        append(out, text, length);
}
