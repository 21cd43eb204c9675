// Kernels of the selection, behind numbers.cu: what decides which rows of a layer stay, and the copy of those rows. Compiled by NVRTC at first use; without it
// the same results come from tensor operations. Every kernel runs on the stream it is launched on and waits for nothing.
// H query heads, G key/value heads, n = H / G, W window queries, L tokens, P = L - W past tokens, d head dimension. Queries, keys, values and
// inputs are bfloat16 with contiguous last dimensions; the other strides are given in elements. Needs compute capability 8.0.

// ---- window attention -------------------------------------------------------------------------------------------------------------------

// Scaled logits of the window's queries, [H * W, L], with -inf for the future, and for every 64 tokens their maximum and sum of exponentials.
// grid (ceil(L / 64), G, ceil(n * W / 64)), 128 threads: a warp takes 16 queries and 64 tokens. dim is a multiple of 32: a thread reads 8 numbers
// at once and gives half of them to each of two products; queries and keys are permuted alike, so the sum is over the same pairs.
extern "C" __global__ void __launch_bounds__(128) window_logits(
    const bf16* q, i64 q_head, i64 q_row, const bf16* k, i64 k_head, i64 k_row,
    float* logits, float* tile_max, float* tile_sum, int per_group, int window, int length, int dim, float scale) {
    const int lane = threadIdx.x % 32, tile = blockIdx.x, group = blockIdx.y, rows = per_group * window;
    const int row = blockIdx.z * 64 + threadIdx.x / 32 * 16 + lane / 4, pair = lane % 4 * 2;
    const uint4* query[2];
#pragma unroll
    for (int half = 0; half < 2; half++) {
        const int r = min(row + 8 * half, rows - 1);
        query[half] = (const uint4*)(q + (group * per_group + r / window) * q_head + (r % window) * q_row) + lane % 4;
    }

    float sums[8][4] = {};
    for (int at = 0; at < dim / 8; at += 4) {
        const uint4 a = query[0][at], b = query[1][at];
#pragma unroll
        for (int i = 0; i < 8; i++) {
            const int token = min(tile * 64 + i * 8 + lane / 4, length - 1);
            const uint4 key = ((const uint4*)(k + group * k_head + token * k_row))[at + lane % 4];
            add_product(sums[i], a.x, b.x, a.y, b.y, key.x, key.y);
            add_product(sums[i], a.z, b.z, a.w, b.w, key.z, key.w);
        }
    }

#pragma unroll
    for (int half = 0; half < 2; half++) {
        const int r = row + 8 * half, last = length - window + r % window;
        const i64 out = group * rows + r;
        float largest = -INFINITE, sum = 0;
#pragma unroll
        for (int i = 0; i < 16; i++) {
            const int token = tile * 64 + i / 2 * 8 + pair + i % 2;
            float& value = sums[i / 2][2 * half + i % 2];
            value = token <= last ? value * scale : -INFINITE;
            largest = fmaxf(largest, value);
            if (r < rows && token < length) logits[out * length + token] = value;
        }

        largest = fmaxf(largest, __shfl_xor_sync(FULL, largest, 1));
        largest = fmaxf(largest, __shfl_xor_sync(FULL, largest, 2));
#pragma unroll
        for (int i = 0; i < 16; i++) {
            const float value = sums[i / 2][2 * half + i % 2];
            sum += value == -INFINITE ? 0 : expf(value - largest);
        }

        sum += __shfl_xor_sync(FULL, sum, 1);
        sum += __shfl_xor_sync(FULL, sum, 2);
        if (r < rows && lane % 4 == 0) {
            tile_max[out * gridDim.x + tile] = largest;
            tile_sum[out * gridDim.x + tile] = sum;
        }
    }
}

// The maximum and the sum of exponentials of each row, [rows, 2]. grid ceil(rows / 4), 128 threads: a warp a row.
extern "C" __global__ void __launch_bounds__(128) window_stats(const float* tile_max, const float* tile_sum, float* stats, int rows, int tiles) {
    const int row = blockIdx.x * 4 + threadIdx.x / 32, lane = threadIdx.x % 32;
    if (row >= rows) return;
    float largest = -INFINITE, sum = 0;
    for (int i = lane; i < tiles; i += 32) largest = fmaxf(largest, tile_max[(i64)row * tiles + i]);
    largest = warp_max(largest);
    for (int i = lane; i < tiles; i += 32) {
        const float m = tile_max[(i64)row * tiles + i];
        if (m > -INFINITE) sum += tile_sum[(i64)row * tiles + i] * expf(m - largest);
    }

    sum = warp_sum(sum);
    if (lane == 0) {
        stats[2 * row] = largest;
        stats[2 * row + 1] = sum;
    }
}

// Attention weights rounded to the model's type, summed over the queries, pooled along the tokens, lifted by boost [lift_end - lift_start] on
// its tokens, averaged over the heads of a group: [G, P]. Padding counts in an average. grid (ceil(P / 128), G), 128 threads;
// shared: n * (127 + kernel) floats.
extern "C" __global__ void __launch_bounds__(128) window_pool(
    const float* logits, const float* stats, const float* boost, int lift_start, int lift_end, float* groups,
    int per_group, int window, int length, int kernel, int take_max) {
    extern __shared__ float weights[];
    const int past = length - window, wide = 127 + kernel, first = blockIdx.x * 128 - kernel / 2, group = blockIdx.y;
    for (int i = threadIdx.x; i < wide * per_group; i += 128) {
        const int token = first + i % wide;
        float sum = take_max ? -INFINITE : 0;
        if (token >= 0 && token < past) {
            sum = 0;
            const int row = (group * per_group + i / wide) * window;
#pragma unroll 8
            for (int w = row; w < row + window; w++) sum += rounded(expf(logits[(i64)w * length + token] - stats[2 * w]) / stats[2 * w + 1]);
        }

        weights[i] = sum;
    }

    __syncthreads();
    const int token = blockIdx.x * 128 + threadIdx.x;
    if (token >= past) return;
    float total = 0;
    for (int head = 0; head < per_group; head++) {
        const float* at = weights + head * wide + threadIdx.x;
        float pooled = at[0];
        for (int i = 1; i < kernel; i++) pooled = take_max ? fmaxf(pooled, at[i]) : pooled + at[i];
        total += take_max ? pooled : pooled / kernel;
    }

    groups[group * past + token] = total / per_group + (token >= lift_start && token < lift_end ? boost[token - lift_start] : 0);
}

// ---- spatial boost ----------------------------------------------------------------------------------------------------------------------

// L2 norms of rows of dim numbers, dim a multiple of 8. grid ceil(rows / 8), 256 threads: a warp a row.
extern "C" __global__ void __launch_bounds__(256) row_norms(const bf16* vectors, i64 stride, float* norms, int rows, int dim) {
    const int row = blockIdx.x * 8 + threadIdx.x / 32;
    if (row >= rows) return;
    const uint4* from = (const uint4*)(vectors + row * stride);
    float sum = 0;
    for (int i = threadIdx.x % 32; i < dim / 8; i += 32) {
        const uint4 eight = from[i];
        const unsigned pairs[4] = {eight.x, eight.y, eight.z, eight.w};
#pragma unroll
        for (int j = 0; j < 4; j++) {
            const float low = __uint_as_float(pairs[j] << 16), high = __uint_as_float(pairs[j] & 0xffff0000u);
            sum += low * low + high * high;
        }
    }

    sum = warp_sum(sum);
    if (threadIdx.x % 32 == 0) norms[row] = sqrtf(sum);
}

// alpha * softmax(z / temperature), z the standardised norms with the unbiased deviation. One block of 1,024 threads.
extern "C" __global__ void __launch_bounds__(1024) spatial_boost(const float* norms, float* boost, int count, float alpha, float temperature) {
    float sum = 0;
    for (int i = threadIdx.x; i < count; i += 1024) sum += norms[i];
    const float mean = block_sum(sum) / count;
    sum = 0;
    for (int i = threadIdx.x; i < count; i += 1024) sum += (norms[i] - mean) * (norms[i] - mean);
    const float deviation = count > 1 ? sqrtf(block_sum(sum) / (count - 1)) + 1e-8f : 1;
    float largest = -INFINITE;
    for (int i = threadIdx.x; i < count; i += 1024) largest = fmaxf(largest, (norms[i] - mean) / deviation / temperature);
    largest = block_max(largest);
    sum = 0;
    for (int i = threadIdx.x; i < count; i += 1024) {
        const float value = expf((norms[i] - mean) / deviation / temperature - largest);
        boost[i] = value;
        sum += value;
    }

    sum = block_sum(sum);
    for (int i = threadIdx.x; i < count; i += 1024) boost[i] *= alpha / sum;
}

// ---- STaR-KV ----------------------------------------------------------------------------------------------------------------------------

#define RANK_BINS 16
#define CELL_BINS 144

// The rank bin of each of the last screenshot's tokens [start, start + count) of groups [G, P] among its group's, by counting: [G, count]. Shares of
// the group's sum are ranked, negative ones as 0, equal ones by position. grid (ceil(count / 256), G), 256 threads; shared: count floats.
extern "C" __global__ void __launch_bounds__(256) star_ranks(const float* groups, int past, int start, int count, int* bins) {
    extern __shared__ float shares[];
    const float* scores = groups + (i64)blockIdx.y * past + start;
    float sum = 0;
    for (int i = threadIdx.x; i < count; i += 256) sum += shares[i] = fmaxf(scores[i], 0);
    sum = fmaxf(block_sum(sum), 1e-12f);
    for (int i = threadIdx.x; i < count; i += 256) shares[i] /= sum;
    __syncthreads();
    const int token = blockIdx.x * 256 + threadIdx.x;
    if (token >= count) return;
    const float mine = shares[token];
    int rank = 0;
#pragma unroll 8
    for (int i = 0; i < count; i++) rank += shares[i] < mine || (shares[i] == mine && i < token);
    bins[(i64)blockIdx.y * count + token] = (i64)rank * RANK_BINS / count;
}

// For each group, on the same tokens: its mutual information with the place on the screen, as a moving average, and how stable its pattern is.
// A null information or pattern skips that part. One block a group, 1,024 threads.
extern "C" __global__ void __launch_bounds__(1024) star_groups(
    const float* groups, int past, int start, int count, const int* bins, const i64* cells,
    double* information, int information_fresh, double information_decay, float* pattern, int pattern_fresh, float pattern_decay, float* stability) {
    __shared__ int joint[RANK_BINS * CELL_BINS], in_rank[RANK_BINS], in_cell[CELL_BINS];
    const int group = blockIdx.x;
    const float* scores = groups + (i64)group * past + start;
    if (information) {
        for (int i = threadIdx.x; i < RANK_BINS * CELL_BINS; i += 1024) joint[i] = 0;
        if (threadIdx.x < RANK_BINS) in_rank[threadIdx.x] = 0;
        if (threadIdx.x < CELL_BINS) in_cell[threadIdx.x] = 0;
        __syncthreads();
        for (int i = threadIdx.x; i < count; i += 1024) {
            const int bin = bins[(i64)group * count + i], cell = (int)cells[i];
            atomicAdd(&joint[bin * CELL_BINS + cell], 1);
            atomicAdd(&in_rank[bin], 1);
            atomicAdd(&in_cell[cell], 1);
        }

        __syncthreads();
        double mutual = 0;
        for (int i = threadIdx.x; i < RANK_BINS * CELL_BINS; i += 1024) {
            if (joint[i] > 0) {
                const double p = (double)joint[i] / count;
                mutual += p * log(p / ((double)in_rank[i / CELL_BINS] / count * ((double)in_cell[i % CELL_BINS] / count)));
            }
        }

        mutual = block_sum(mutual);
        if (threadIdx.x == 0)
            information[group] = information_fresh ? mutual : information[group] * information_decay + mutual * (1 - information_decay);
    }

    if (pattern) {
        float sum = 0, dot = 0, now = 0, known = 0;
        for (int i = threadIdx.x; i < count; i += 1024) sum += scores[i];
        sum = fmaxf(block_sum(sum), 1e-12f);
        for (int i = threadIdx.x; i < count; i += 1024) {
            float& remembered = pattern[(i64)group * count + i];
            const float value = scores[i] / sum;
            const float next = pattern_fresh ? value : remembered * pattern_decay + value * (1 - pattern_decay);
            remembered = next;
            dot += value * next;
            now += value * value;
            known += next * next;
        }

        dot = block_sum(dot);
        now = sqrtf(block_sum(now));
        known = sqrtf(block_sum(known));
        if (threadIdx.x == 0) stability[group] = fminf(fmaxf(dot / (fmaxf(now, 1e-8f) * fmaxf(known, 1e-8f)), 0), 1);
    }
}

// The score [P] of groups [G, P], G up to 64: the mean over the groups, times the prior of the leading group's information, times the discount
// of the token's age, to the power 1 / T. A null information gives equal weights, a null stability no discount, a null temperature no power;
// temperature [1] is replaced. One block of 1,024 threads.
extern "C" __global__ void __launch_bounds__(1024) star_score(
    const float* groups, int group_count, int past, const double* information, float lambda, float prior_temperature,
    const float* stability, const float* age, float delta, float stability_floor, float discount_floor,
    float* temperature, int temperature_fresh, float temperature_decay, float coolest, float hottest, float* score) {
    __shared__ float prior[64], exponent;
    if (threadIdx.x == 0) {
        double least = 0, range = 0;
        float sum = 0;
        if (information) {
            least = information[0];
            for (int g = 0; g < group_count; g++) least = fmin(least, information[g]);
            for (int g = 0; g < group_count; g++) range = fmax(range, information[g] - least);
        }

        // Below this the groups differ by rounding alone: with few tokens a cell, all have the same information.
        for (int g = 0; g < group_count; g++) sum += prior[g] = expf((float)(range > 1e-9 ? (information[g] - least) / range : 0.5) / prior_temperature);
        for (int g = 0; g < group_count; g++) prior[g] = 1 - lambda + lambda * group_count * prior[g] / sum;
    }

    float sum = 0;
#pragma unroll 4
    for (int t = threadIdx.x; t < past; t += 1024) {
        float mean = 0;
        for (int g = 0; g < group_count; g++) mean += groups[(i64)g * past + t];
        score[t] = mean /= group_count;
        sum += mean;
    }

    sum = fmaxf(block_sum(sum), 1e-12f);
    if (temperature) {
        float entropy = 0;
#pragma unroll 4
        for (int t = threadIdx.x; t < past; t += 1024) entropy -= score[t] / sum * logf(score[t] / sum + 1e-8f);
        entropy = fminf(fmaxf(block_sum(entropy) / fmaxf(logf(past), 1e-12f), 0), 1);
        if (threadIdx.x == 0) {
            float now = coolest + (hottest - coolest) * entropy;
            if (!temperature_fresh) now = temperature[0] * temperature_decay + now * (1 - temperature_decay);
            temperature[0] = now;
            exponent = 1 / now;
        }
    }

    __syncthreads();
#pragma unroll 4
    for (int t = threadIdx.x; t < past; t += 1024) {
        int leader = 0;
        float most = groups[t];
        for (int g = 1; g < group_count; g++) {
            const float value = groups[(i64)g * past + t];
            if (value > most) {
                most = value;
                leader = g;
            }
        }

        float value = score[t] * prior[leader];
        if (stability) {
            const float influence = stability_floor + (1 - stability_floor) * stability[leader];
            value *= discount_floor + (1 - discount_floor) * expf(-delta * age[t] * influence);
        }

        score[t] = temperature ? powf(fmaxf(value, 0), exponent) : value;
    }
}

// ---- GUI-KV -----------------------------------------------------------------------------------------------------------------------------

// Orthonormal directions [G, rank, dim] of the first rank keys from start on, in their order; rank up to 32, dim up to 256. A key that its
// predecessors span gives no direction. Gram-Schmidt, twice each for float32. One block a head, 1,024 threads.
extern "C" __global__ void __launch_bounds__(1024) first_directions(const bf16* k, i64 k_head, i64 k_row, int start, int rank, int dim, float* basis) {
    __shared__ float known[32 * 256], next[256], shares[32], length[2];
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, at = threadIdx.x;
    for (int j = 0; j < rank; j++) {
        if (at < dim) next[at] = to_float(k[blockIdx.x * k_head + (start + j) * k_row + at]);
        __syncthreads();
        for (int round = 0; round < 3; round++) {
            // The length before and after: what is left of a spanned key is rounding.
            float dot = 0;
            if (warp == 0 && round != 1) {
                for (int i = lane; i < dim; i += 32) dot += next[i] * next[i];
                dot = warp_sum(dot);
                if (lane == 0) length[round / 2] = dot;
            }

            if (round == 2) break;
            dot = 0;
            if (warp < j) {
                for (int i = lane; i < dim; i += 32) dot += known[warp * dim + i] * next[i];
                dot = warp_sum(dot);
                if (lane == 0) shares[warp] = dot;
            }

            __syncthreads();
            if (at < dim)
                for (int i = 0; i < j; i++) next[at] -= shares[i] * known[i * dim + at];
            __syncthreads();
        }

        __syncthreads();
        const float scale = length[1] > 1e-10f * length[0] ? rsqrtf(length[1]) : 0;
        if (at < dim) {
            known[j * dim + at] = next[at] * scale;
            basis[(blockIdx.x * rank + j) * dim + at] = next[at] * scale;
        }

        __syncthreads();
    }
}

// How far each of count keys lies outside the span of basis [G, rank, dim]: [G, count]. grid (ceil(count / 8), G), 256 threads: a warp a key;
// shared: rank * dim floats.
extern "C" __global__ void __launch_bounds__(256) residuals(
    const bf16* k, i64 k_head, i64 k_row, const i64* tokens, int count, const float* basis, int rank, int dim, float* distances) {
    extern __shared__ float known[];
    for (int i = threadIdx.x; i < rank * dim; i += 256) known[i] = basis[blockIdx.y * rank * dim + i];
    __syncthreads();
    const int lane = threadIdx.x % 32, index = blockIdx.x * 8 + threadIdx.x / 32;
    if (index >= count) return;
    const bf16* key = k + blockIdx.y * k_head + tokens[index] * k_row;
    float whole[8], rest[8];
#pragma unroll
    for (int i = 0; i < 8; i++) whole[i] = rest[i] = lane + 32 * i < dim ? to_float(key[lane + 32 * i]) : 0;
    for (int j = 0; j < rank; j++) {
        float direction[8], share = 0;
#pragma unroll
        for (int i = 0; i < 8; i++) {
            direction[i] = lane + 32 * i < dim ? known[j * dim + lane + 32 * i] : 0;
            share += whole[i] * direction[i];
        }

        share = warp_sum(share);
#pragma unroll
        for (int i = 0; i < 8; i++) rest[i] -= share * direction[i];
    }

    float sum = 0;
#pragma unroll
    for (int i = 0; i < 8; i++) sum += rest[i] * rest[i];
    sum = warp_sum(sum);
    if (lane == 0) distances[(i64)blockIdx.y * count + index] = sqrtf(sum);
}

// ---- selection --------------------------------------------------------------------------------------------------------------------------

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

// Sets the scores [G, P] of the drop tokens with the smallest distances [G, count] to 0. One block a head, 1,024 threads.
extern "C" __global__ void __launch_bounds__(1024) zero_nearest(const float* distances, const i64* tokens, int count, int drop, float* scores, int past) {
    const float* from = distances + (i64)blockIdx.x * count;
    float* to = scores + (i64)blockIdx.x * past;
    for_largest(count, drop, [=](int i) { return ~ascending(from[i]); }, [=](int, int index) { to[tokens[index]] = 0; });
}

// Copies rows of keys and values into buffers of room rows a head, 16 bytes a thread; copies heads of the output share a head of the input.
// rows is [1, count] or one list a head of the output. grid (ceil(count * dim / 8 / 256), heads of the output), 256 threads.
extern "C" __global__ void __launch_bounds__(256) gather_rows(
    const bf16* keys, i64 key_head, i64 key_row, const bf16* values, i64 value_head, i64 value_row, const i64* rows, i64 rows_head,
    int count, int dim, int copies, bf16* keys_out, bf16* values_out, i64 out_head) {
    const int item = blockIdx.x * 256 + threadIdx.x, chunks = dim / 8, row = item / chunks, at = item % chunks * 8;
    if (row >= count) return;
    const i64 from = rows[blockIdx.y * rows_head + row], to = blockIdx.y * out_head + (i64)row * dim + at;
    const int head = blockIdx.y / copies;
    *(uint4*)(keys_out + to) = *(const uint4*)(keys + head * key_head + from * key_row + at);
    *(uint4*)(values_out + to) = *(const uint4*)(values + head * value_head + from * value_row + at);
}
