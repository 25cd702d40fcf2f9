/* The report, in JSON. */

#include <stdio.h>

#include "load.h"

static void print_totals(const char *name, const struct totals *totals)
{
    printf("\"%s\": {\"sent\": %llu, \"acked\": %llu, \"refused\": %llu, \"delivered\": %llu, \"stalled\": %llu}", name,
           (unsigned long long)totals->sent, (unsigned long long)totals->acked, (unsigned long long)totals->refused,
           (unsigned long long)totals->delivered, (unsigned long long)totals->stalled);
}

static void print_latency(const char *name, const struct histogram *histogram)
{
    printf("\"%s\": {\"count\": %llu, \"mean\": %.3f, \"p50\": %.3f, \"p95\": %.3f, \"p99\": %.3f, \"max\": %.3f}", name,
           (unsigned long long)histogram->total,
           histogram->total ? (double)histogram->sum / 1000 / (double)histogram->total : 0,
           milliseconds_at(histogram, 0.5), milliseconds_at(histogram, 0.95), milliseconds_at(histogram, 0.99),
           (double)histogram->highest / 1000);
}

static void print_crew(const struct crew *crew)
{
    printf("{\"name\": \"%s\", \"clients\": %d, ", crew->name, crew->client_count);
    print_totals("measured", &crew->measured);
    printf(", ");
    print_totals("whole", &crew->whole);
    printf(", ");
    print_latency("ack_ms", &crew->acked);
    printf(", ");
    print_latency("delivery_ms", &crew->delivered);
    printf("}");
}

void report(double wall, double cpu, const int64_t *ready_after)
{
    printf("{\"wall_s\": %.4f, \"cpu_s\": %.4f, \"retries\": %llu, \"lost\": %llu, \"ready_s\": [", wall, cpu,
           (unsigned long long)retries, (unsigned long long)lost);
    for (int hundredth = 1; hundredth <= 100; hundredth++) {
        int which = (plan.client_count * hundredth + 99) / 100 - 1;
        printf("%s%.4f", hundredth > 1 ? ", " : "", (double)ready_after[which] / SECOND);
    }
    printf("], \"crews\": [");
    for (int i = 0; i < plan.crew_count; i++) {
        printf(i ? ", " : "");
        print_crew(&plan.crews[i]);
    }
    printf("]}\n");
}
