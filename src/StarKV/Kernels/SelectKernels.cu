// The choice of the rows that stay, after Numbers.cu.

#define CACHED 16

// Calls emit(place, index) for the keep largest of count keys, by ascending index; of equal keys the first are taken. One block of 1,024 threads.
template <typename Key, typename Emit>
__device__ void for_largest(int count, int keep, Key key_of, Emit emit) {
    __shared__ unsigned parts[2][32];
    unsigned mine[CACHED];
#pragma unroll
    for (int j = 0; j < CACHED; j++) mine[j] = j * 1024 + threadIdx.x < count ? key_of(j * 1024 + threadIdx.x) : 0;
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;

    // The largest threshold that keep keys reach, bit by bit. Keys beyond the count are 0 and every candidate is not.
    unsigned threshold = 0, above = 0;
    for (int bit = 31; bit >= 0; bit--) {
        const unsigned candidate = threshold | 1u << bit;
        unsigned reach = 0;
#pragma unroll
        for (int j = 0; j < CACHED; j++) reach += mine[j] >= candidate;
        for (int i = CACHED * 1024 + threadIdx.x; i < count; i += 1024) reach += key_of(i) >= candidate;
        reach = __reduce_add_sync(FULL, reach);
        if (lane == 0) parts[bit % 2][warp] = reach;
        __syncthreads();
        reach = __reduce_add_sync(FULL, parts[bit % 2][lane]);
        if (reach >= keep) threshold = candidate;
        else above = reach;
    }

    // The last candidate that too few keys reach is the one after the threshold.
    const int equals = keep - above;
    int larger = 0, equal = 0;
    __syncthreads();
    for (int tile = 0; tile * 1024 < count; tile++) {
        const int index = tile * 1024 + threadIdx.x;
        const unsigned key = index < count ? key_of(index) : 0;
        const bool is_larger = index < count && key > threshold, is_equal = index < count && key == threshold;
        const unsigned larger_lanes = __ballot_sync(FULL, is_larger), equal_lanes = __ballot_sync(FULL, is_equal), before = (1u << lane) - 1;
        if (lane == 0) parts[tile % 2][warp] = __popc(larger_lanes) << 16 | __popc(equal_lanes);
        __syncthreads();
        const unsigned part = parts[tile % 2][lane];
        const unsigned earlier = __reduce_add_sync(FULL, lane < warp ? part : 0), all = __reduce_add_sync(FULL, part);
        const int rank_larger = larger + (earlier >> 16) + __popc(larger_lanes & before);
        const int rank_equal = equal + (earlier & 0xffff) + __popc(equal_lanes & before);
        if (is_larger || (is_equal && rank_equal < equals)) emit(rank_larger + min(rank_equal, equals), index);
        larger += all >> 16;
        equal += all & 0xffff;
    }
}

// Numbers as unsigned keys of the same order.
__device__ __forceinline__ unsigned ascending(float v) {
    const unsigned bits = __float_as_uint(v);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

// The keep best of each row of scores [lists, P], ascending, and the window behind them: [lists, keep + W]. One block a list, 1,024 threads.
extern "C" __global__ void __launch_bounds__(1024) select_rows(const float* scores, int past, int keep, int window, i64* rows) {
    const float* from = scores + (i64)blockIdx.x * past;
    i64* to = rows + (i64)blockIdx.x * (keep + window);
    if (keep > 0) for_largest(past, keep, [=](int i) { return ascending(from[i]); }, [=](int place, int index) { to[place] = index; });
    for (int i = threadIdx.x; i < window; i += 1024) to[keep + i] = past + i;
}
