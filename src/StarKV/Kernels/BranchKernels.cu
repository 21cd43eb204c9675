// What texts that are read behind a prompt attend to. After Numbers.cu.
// H query heads, G key/value heads, n = H / G, m tokens of all texts, L rows, d head dimension. Queries and keys are bfloat16 with contiguous
// last dimensions; the other strides are given in elements. Needs compute capability 8.0.

// Attention weights exp(q k scale - log_sum) times what each query counts, summed over the n * m queries of a key/value head: [G, rows].
// grid (ceil(rows / 64), G), 128 threads: a warp takes 16 queries and 64 rows at a time. dim is a multiple of 32, read as in window_logits.
extern "C" __global__ void __launch_bounds__(128) branch_sums(
    const bf16* q, i64 q_head, i64 q_row, const bf16* k, i64 k_head, i64 k_row,
    const float* log_sums, const float* shares, float* sums, int per_group, int tokens, int rows, int dim, float scale) {
    __shared__ float of_warp[4][64];
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, tile = blockIdx.x, group = blockIdx.y, queries = per_group * tokens;
    float totals[16] = {};
    for (int first = warp * 16; first < queries; first += 64) {
        const uint4* query[2];
        float log_sum[2], share[2];
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const int r = min(first + lane / 4 + 8 * half, queries - 1);
            query[half] = (const uint4*)(q + (group * per_group + r / tokens) * q_head + (r % tokens) * q_row) + lane % 4;
            log_sum[half] = log_sums[group * queries + r];
            share[half] = first + lane / 4 + 8 * half < queries ? shares[r] : 0;
        }

        float products[8][4] = {};
        for (int at = 0; at < dim / 8; at += 4) {
            const uint4 a = query[0][at], b = query[1][at];
#pragma unroll
            for (int i = 0; i < 8; i++) {
                const int row = min(tile * 64 + i * 8 + lane / 4, rows - 1);
                const uint4 key = ((const uint4*)(k + group * k_head + row * k_row))[at + lane % 4];
                add_product(products[i], a.x, b.x, a.y, b.y, key.x, key.y);
                add_product(products[i], a.z, b.z, a.w, b.w, key.z, key.w);
            }
        }

#pragma unroll
        for (int i = 0; i < 16; i++) {
#pragma unroll
            for (int half = 0; half < 2; half++)
                totals[i] += share[half] * expf(products[i / 2][2 * half + i % 2] * scale - log_sum[half]);
        }
    }

    // Lanes of one remainder by 4 hold the rows of other queries.
#pragma unroll
    for (int i = 0; i < 16; i++) {
        for (int step = 4; step < 32; step *= 2) totals[i] += __shfl_xor_sync(FULL, totals[i], step);
        if (lane < 4) of_warp[warp][i / 2 * 8 + lane * 2 + i % 2] = totals[i];
    }

    __syncthreads();
    const int row = tile * 64 + threadIdx.x;
    if (threadIdx.x < 64 && row < rows)
        sums[(i64)group * rows + row] = of_warp[0][threadIdx.x] + of_warp[1][threadIdx.x] + of_warp[2][threadIdx.x] + of_warp[3][threadIdx.x];
}
