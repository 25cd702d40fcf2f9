/* Buffers that grow, and patterns. */

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "load.h"

int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

char *make_room(struct buffer *buffer, size_t length)
{
    if (buffer->length + length > buffer->room) {
        buffer->room = 2 * (buffer->length + length);
        buffer->start = realloc(buffer->start, buffer->room);
        if (!buffer->start)
            abort();
    }
    return buffer->start + buffer->length;
}

void append(struct buffer *buffer, const void *bytes, size_t length)
{
    memcpy(make_room(buffer, length), bytes, length);
    buffer->length += length;
}

void append_word(struct buffer *buffer, const char *word)
{
    append(buffer, word, strlen(word));
}

void drop_front(struct buffer *buffer, size_t length)
{
    buffer->length -= length;
    if (buffer->length)
        memmove(buffer->start, buffer->start + length, buffer->length);
}

const char *after(const struct pattern *pattern, const char *frame, size_t length)
{
    const char *found;
    if (!pattern->text || length < pattern->length)
        return NULL;
    if (pattern->at_start)
        found = memcmp(frame, pattern->text, pattern->length) ? NULL : frame;
    else
        found = memmem(frame, length, pattern->text, pattern->length);
    return found ? found + pattern->length : NULL;
}

uint64_t number_at(const char *text, const char *end)
{
    uint64_t number = 0;
    for (; text < end && *text >= '0' && *text <= '9'; text++)
        number = 10 * number + (uint64_t)(*text - '0');
    return number;
}
