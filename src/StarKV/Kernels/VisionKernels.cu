// Attention inside the windows of the vision tower, after Numbers.cu. A window has at most 64 rows, so that its logits stay in registers.

// The numbers of a row that a lane holds of an operand: 32 j + 8 c .. + 7 for two j, and of 80 numbers also 64 + 4 c .. + 3. Queries and keys agree in that, so the
// order of the numbers inside a sum may be any.
template <bool REST>
struct RowPart {
    uint4 eights[2];
    uint2 rest;
    __device__ __forceinline__ RowPart(const bf16* row, int c) : rest{0, 0} {
        eights[0] = *(const uint4*)(row + 8 * c);
        eights[1] = *(const uint4*)(row + 32 + 8 * c);
        if (REST) rest = *(const uint2*)(row + 64 + 4 * c);
    }
};

// heads [rows, 3, H, d]: queries, keys and values of all windows, behind one another; window i has rows [bounds[i], bounds[i + 1]); out [rows, H d].
// Grid (windows, H), four warps: each takes 16 queries. Lane 4 g + c holds results of queries g and g + 8.
template <bool REST>
__device__ void attend_windows(const bf16* heads, const int* bounds, bf16* out, int head_count) {
    const int dim = REST ? 80 : 64, lane = threadIdx.x % 32, g = lane / 4, c = lane % 4, first = 16 * (threadIdx.x / 32);
    const int start = bounds[blockIdx.x], count = bounds[blockIdx.x + 1] - start;
    if (first >= count) return;
    const i64 width = (i64)head_count * dim, stride = 3 * width;
    const bf16 *q = heads + start * stride + blockIdx.y * dim, *k = q + width, *v = k + width;
    const RowPart<REST> upper(q + min(first + g, count - 1) * stride, c), lower(q + min(first + g + 8, count - 1) * stride, c);
    float logits[8][4] = {};
#pragma unroll
    for (int t = 0; t < 8; t++) {
        if (8 * t >= count) break;
        const RowPart<REST> key(k + min(8 * t + g, count - 1) * stride, c);
#pragma unroll
        for (int j = 0; j < 2; j++) {
            const uint4 a = upper.eights[j], b = lower.eights[j], n = key.eights[j];
            add_product(logits[t], a.x, b.x, a.y, b.y, n.x, n.y);
            add_product(logits[t], a.z, b.z, a.w, b.w, n.z, n.w);
        }
        if (REST) add_product(logits[t], upper.rest.x, lower.rest.x, upper.rest.y, lower.rest.y, key.rest.x, key.rest.y);
    }

    const float scale = rsqrtf((float)dim);
    float top[2] = {-INFINITE, -INFINITE}, sum[2] = {0.0f, 0.0f};
#pragma unroll
    for (int i = 0; i < 32; i++) {
        float& logit = logits[i / 4][i % 4];
        logit = 8 * (i / 4) + 2 * c + i % 2 < count ? logit * scale : -INFINITE;
        top[i / 2 % 2] = fmaxf(top[i / 2 % 2], logit);
    }
#pragma unroll
    for (int r = 0; r < 2; r++) {
        top[r] = fmaxf(top[r], __shfl_xor_sync(FULL, top[r], 1));
        top[r] = fmaxf(top[r], __shfl_xor_sync(FULL, top[r], 2));
    }
#pragma unroll
    for (int i = 0; i < 32; i++) {
        float& weight = logits[i / 4][i % 4];
        weight = expf(weight - top[i / 2 % 2]);
        sum[i / 2 % 2] += weight;
    }
#pragma unroll
    for (int r = 0; r < 2; r++) {
        sum[r] += __shfl_xor_sync(FULL, sum[r], 1);
        sum[r] += __shfl_xor_sync(FULL, sum[r], 2);
    }

    // Column n of product t is number 8 n + t, of the last two products 64 + 2 n + t.
    float sums[REST ? 10 : 8][4] = {};
#pragma unroll
    for (int u = 0; u < 4; u++) {
        if (16 * u >= count) break;
        const float *low8 = logits[2 * u], *high8 = logits[2 * u + 1];
        const unsigned a0 = packed(low8[0], low8[1]), a1 = packed(low8[2], low8[3]), a2 = packed(high8[0], high8[1]), a3 = packed(high8[2], high8[3]);
        uint4 value[4];
        unsigned rest[4];
#pragma unroll
        for (int r = 0; r < 4; r++) {
            const bf16* row = v + min(16 * u + 2 * c + r % 2 + 8 * (r / 2), count - 1) * stride;
            value[r] = *(const uint4*)(row + 8 * g);
            rest[r] = REST ? *(const unsigned*)(row + 64 + 2 * g) : 0;
        }
#pragma unroll
        for (int t = 0; t < 8; t++) add_product(sums[t], a0, a1, a2, a3, paired(value[0], value[1], t), paired(value[2], value[3], t));
        if (REST) {
#pragma unroll
            for (int t = 0; t < 2; t++) {
                const int halves = t % 2 ? 0x7632 : 0x5410;
                add_product(sums[8 + t], a0, a1, a2, a3, __byte_perm(rest[0], rest[1], halves), __byte_perm(rest[2], rest[3], halves));
            }
        }
    }

    // A lane has numbers 16 c .. + 15 of its two queries, and 64 + 4 c .. + 3.
#pragma unroll
    for (int r = 0; r < 2; r++) {
        const int row = first + g + 8 * r;
        if (row >= count) break;
        const float share = 1.0f / sum[r];
        bf16* to = out + (i64)(start + row) * width + blockIdx.y * dim;
        unsigned words[8];
#pragma unroll
        for (int i = 0; i < 8; i++) words[i] = packed(sums[2 * i % 8][2 * r + i / 4] * share, sums[2 * i % 8 + 1][2 * r + i / 4] * share);
        *(uint4*)(to + 16 * c) = {words[0], words[1], words[2], words[3]};
        *(uint4*)(to + 16 * c + 8) = {words[4], words[5], words[6], words[7]};
        if (REST) *(uint2*)(to + 64 + 4 * c) = {packed(sums[REST ? 8 : 0][2 * r] * share, sums[REST ? 9 : 0][2 * r] * share), packed(sums[REST ? 8 : 0][2 * r + 1] * share, sums[REST ? 9 : 0][2 * r + 1] * share)};
    }
}

extern "C" __global__ void __launch_bounds__(128) attend_windows_80(const bf16* heads, const int* bounds, bf16* out, int head_count) {
    attend_windows<true>(heads, bounds, out, head_count);
}

extern "C" __global__ void __launch_bounds__(128) attend_windows_64(const bf16* heads, const int* bounds, bf16* out, int head_count) {
    attend_windows<false>(heads, bounds, out, head_count);
}
