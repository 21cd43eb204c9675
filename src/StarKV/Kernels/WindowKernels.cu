// Window attention and its spatial boost: what most methods' scores start from. After Numbers.cu.
// H query heads, G key/value heads, n = H / G, W window queries, L tokens, P = L - W past tokens, d head dimension. Queries, keys, values and
// inputs are bfloat16 with contiguous last dimensions; the other strides are given in elements. Needs compute capability 8.0.

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
