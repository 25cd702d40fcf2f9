/* The plan: one directive a line, a word and what it is about. In texts \r, \n, \t and \\ stand for themselves.
 *
 *   opening N | warmup S | seconds S | drain S       of the whole run
 *   crew NAME                                        what follows is of this crew
 *   open http|ws|xml ADDRESS:PORT [PATH [SUBPROTOCOL]]
 *   say TEXT | wait PATTERN | keep PATTERN           steps of its script; keep: what follows, up to a quote or a bracket
 *   loop closed HEARERS | loop open RATE             without a loop its clients only listen
 *   message TEXT | ack PATTERN | refusal PATTERN | news PATTERN | note PATTERN
 *   receipt MS TEXT | ping FRAMES MS TEXT | knock PATTERN | answer TEXT
 *   client VALUE<tab>VALUE...                        one client of this crew
 *
 * In texts %1 to %8 are the client's values, %k what it kept, %n the number of its message, %u a fresh UUID, %t the mark
 * of time that news is recognised by, %s the number noted last, %f how many frames it has received, %% a percent sign. */

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

struct plan plan = {.seconds = 5, .warmup = 1, .drain = 2};

static void fail(const char *what, const char *line)
{
    fprintf(stderr, "plan: %s: %s\n", what, line);
    exit(2);
}

static char *unescaped(const char *text)
{
    char *copy = malloc(strlen(text) + 1), *to = copy;
    for (; *text; text++) {
        if (*text != '\\') {
            *to++ = *text;
            continue;
        }
        text++;
        *to++ = *text == 'r' ? '\r' : *text == 'n' ? '\n' : *text == 't' ? '\t' : *text;
    }
    *to = 0;
    return copy;
}

static struct pattern pattern_of(const char *text)
{
    char *plain = unescaped(text);
    struct pattern pattern = {.at_start = *plain == '^'};
    pattern.text = plain + pattern.at_start;
    pattern.length = strlen(pattern.text);
    return pattern;
}

static void read_open(struct step *step, char *rest)
{
    char *framing = strsep(&rest, " "), *host = strsep(&rest, ":"), *port = strsep(&rest, " ");
    if (!port)
        fail("open what, where?", framing);
    step->framing = !strcmp(framing, "ws") ? WEBSOCKET : !strcmp(framing, "xml") ? XML : HTTP;
    step->address.sin_family = AF_INET;
    step->address.sin_port = htons((uint16_t)atoi(port));
    if (inet_pton(AF_INET, host, &step->address.sin_addr) != 1)
        fail("not an address", host);
    char *path = strsep(&rest, " ");
    step->path = path ? strdup(path) : "/";
    step->subprotocol = rest ? strdup(rest) : NULL;
}

static bool read_step(struct crew *crew, const char *word, char *rest)
{
    static const char *const deeds[] = {[OPEN] = "open", [SAY] = "say", [WAIT] = "wait", [KEEP] = "keep"};
    for (int deed = OPEN; deed <= KEEP; deed++) {
        if (strcmp(word, deeds[deed]))
            continue;
        if (crew->step_count == MOST_STEPS)
            fail("too many steps", rest);
        struct step *step = &crew->steps[crew->step_count++];
        step->deed = (enum deed)deed;
        if (deed == OPEN)
            read_open(step, rest);
        else if (deed == SAY)
            step->text = unescaped(rest);
        else
            step->pattern = pattern_of(rest);
        return true;
    }
    return false;
}

static void read_client(struct crew *crew, char *rest)
{
    struct client *client = calloc(1, sizeof *client);
    client->crew = crew;
    client->socket = -1;
    client->index = (uint32_t)plan.client_count;
    for (int i = 0; i < MOST_VALUES && rest; i++)
        client->values[i] = strdup(strsep(&rest, "\t"));
    plan.clients = realloc(plan.clients, sizeof client * (size_t)(plan.client_count + 1));
    plan.clients[plan.client_count++] = client;
    crew->clients = realloc(crew->clients, sizeof client * (size_t)(crew->client_count + 1));
    crew->clients[crew->client_count++] = client;
}

static void read_loop(struct crew *crew, char *rest)
{
    char *kind = strsep(&rest, " ");
    crew->loop = !strcmp(kind, "open") ? OPEN_LOOP : CLOSED;
    crew->rate = rest ? atof(rest) : 0;
    crew->hearers = (uint64_t)crew->rate;
}

static bool read_role(struct crew *crew, const char *word, char *rest)
{
    if (!strcmp(word, "loop"))
        read_loop(crew, rest);
    else if (!strcmp(word, "message"))
        crew->message = unescaped(rest);
    else if (!strcmp(word, "ack"))
        crew->ack = pattern_of(rest);
    else if (!strcmp(word, "refusal"))
        crew->refusal = pattern_of(rest);
    else if (!strcmp(word, "news"))
        crew->news = pattern_of(rest);
    else if (!strcmp(word, "note"))
        crew->note = pattern_of(rest);
    else if (!strcmp(word, "knock"))
        crew->knock = pattern_of(rest);
    else if (!strcmp(word, "answer"))
        crew->answer = unescaped(rest);
    else if (!strcmp(word, "receipt")) {
        crew->receipt_every = atoi(strsep(&rest, " ")) * MILLISECOND;
        crew->receipt = unescaped(rest);
    } else if (!strcmp(word, "ping")) {
        crew->ping_after = (uint64_t)atoi(strsep(&rest, " "));
        crew->ping_every = atoi(strsep(&rest, " ")) * MILLISECOND;
        crew->ping = unescaped(rest);
    } else
        return false;
    return true;
}

static bool read_setting(const char *word, const char *rest)
{
    if (!strcmp(word, "opening"))
        plan.opening = atoi(rest);
    else if (!strcmp(word, "warmup"))
        plan.warmup = atof(rest);
    else if (!strcmp(word, "seconds"))
        plan.seconds = atof(rest);
    else if (!strcmp(word, "drain"))
        plan.drain = atof(rest);
    else
        return false;
    return true;
}

void read_plan(const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    struct crew *crew = NULL;
    if (!file)
        fail("cannot be read", path);
    while (getline(&line, &room, file) > 0) {
        line[strcspn(line, "\n")] = 0;
        char *rest = line, *word = strsep(&rest, " ");
        if (!*word || *word == '#')
            continue;
        if (!rest)
            fail("a word alone", line);
        if (!strcmp(word, "crew")) {
            if (plan.crew_count == MOST_CREWS)
                fail("too many crews", rest);
            crew = &plan.crews[plan.crew_count++];
            crew->name = strdup(rest);
        } else if (crew && !strcmp(word, "client"))
            read_client(crew, rest);
        else if (!read_setting(word, rest) && !(crew && (read_step(crew, word, rest) || read_role(crew, word, rest))))
            fail("unknown", word);
    }
    free(line);
    fclose(file);
    if (!plan.client_count)
        fail("nobody in it", path);
}
