/* Latencies in buckets that widen with the value: 64 for each doubling. */

#include "load.h"

#define EACH_DOUBLING 64

static int bucket_of(uint64_t value)
{
    if (value < EACH_DOUBLING)
        return (int)value;
    int shift = 63 - __builtin_clzll(value) - 6;
    int bucket = (shift + 1) * EACH_DOUBLING + (int)((value >> shift) - EACH_DOUBLING);
    return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static double middle_of(int bucket)
{
    if (bucket < EACH_DOUBLING)
        return bucket + 0.5;
    int shift = bucket / EACH_DOUBLING - 1;
    return (double)((uint64_t)(bucket % EACH_DOUBLING + EACH_DOUBLING) << shift) + (double)(1ULL << shift) / 2;
}

void count(struct histogram *histogram, int64_t nanoseconds)
{
    uint64_t microseconds = nanoseconds > 0 ? (uint64_t)nanoseconds / 1000 : 0;
    histogram->counts[bucket_of(microseconds)]++;
    histogram->total++;
    histogram->sum += microseconds;
    if (microseconds > histogram->highest)
        histogram->highest = microseconds;
}

double milliseconds_at(const struct histogram *histogram, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)histogram->total), passed = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
        passed += histogram->counts[bucket];
        if (passed > wanted)
            return middle_of(bucket) / 1000;
    }
    return (double)histogram->highest / 1000;
}
