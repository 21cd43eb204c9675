// Kernels of the decode: one token through a decoder layer in six launches, each of which reads its weights once. After
// Numbers.cu. Numbers are rounded to bfloat16 where the plain operations round them, so that both give nearly the same sums.
// D hidden size, H query heads, S stored heads, G key/value heads, d head dimension, all multiples of 8.

// Kernels are launched before the ones ahead of them have ended, where the card can do that (programmatic dependent launch): they load weights, which
// nothing on the stream writes, and then wait here for what the kernels ahead have written. The next kernel may start as soon as all blocks run.
__device__ __forceinline__ void wait_for_earlier() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

__device__ __forceinline__ void let_next_start() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
}

// Puts a vector into shared memory, after the root mean square norm unless norm is null. All threads of the block call it.
__device__ void stage(uint4* to, const bf16* x, const bf16* norm, float eps, int dim) {
    const uint4 *from = (const uint4*)x, *scales = (const uint4*)norm;
    const int eights = dim / 8, together = 5;
    float squares = 0.0f;
    for (int start = threadIdx.x; start < eights; start += together * blockDim.x) {
        uint4 v[together];
#pragma unroll
        for (int n = 0; n < together; n++) v[n] = from[min(start + n * (int)blockDim.x, eights - 1)];
#pragma unroll
        for (int n = 0; n < together; n++)
            if (const int i = start + n * blockDim.x; i < eights) {
                to[i] = v[n];
                squares += norm ? dot8(v[n], v[n]) : 0.0f;
            }
    }
    if (norm) {
        const float scale = rsqrtf(block_sum(squares) / dim + eps);
        for (int i = threadIdx.x; i < eights; i += blockDim.x) {
            uint4 v = to[i], w = __ldg(scales + i);
            to[i] = {scaled(v.x, w.x, scale), scaled(v.y, w.y, scale), scaled(v.z, w.z, scale), scaled(v.w, w.w, scale)};
        }
    }
    __syncthreads();
}

// Numbers of a row that a lane has on the way at a time, in eights.
#define DEPTH 7
#define BLOCKS_EACH 2

// What a warp reads next of two rows of a matrix.
struct Ahead {
    uint4 a[DEPTH], b[DEPTH];
    __device__ __forceinline__ void load(const bf16* first, const bf16* second, int group, int vecs) {
#pragma unroll
        for (int d = 0; d < DEPTH; d++) {
            const int i = (group * DEPTH + d) * 32 + threadIdx.x % 32;
            a[d] = i < vecs ? __ldg((const uint4*)first + i) : uint4{0, 0, 0, 0};
            b[d] = i < vecs ? __ldg((const uint4*)second + i) : uint4{0, 0, 0, 0};
        }
    }
    __device__ __forceinline__ void add_products(const uint4* x, int group, int vecs, float2& sums) const {
#pragma unroll
        for (int d = 0; d < DEPTH; d++) {
            const int i = (group * DEPTH + d) * 32 + threadIdx.x % 32;
            const uint4 v = x[min(i, vecs - 1)];
            sums.x += dot8(a[d], v);
            sums.y += dot8(b[d], v);
        }
    }
};

// Products of norm(x) with pairs of rows: pair p is rows near + p * step and far + p * step. A warp takes every so-manieth pair and hands its two sums,
// the same in all lanes, to take(p, sums). The rows stream without a break, also from one pair to the next. Dynamic shared memory holds x.
template <typename Take>
__device__ __forceinline__ void multiply_pairs(
    const bf16* x, const bf16* norm, float eps, const bf16* near, const bf16* far, i64 step, int pairs, int dim, Take take) {
    extern __shared__ uint4 staged[];
    const int warps = gridDim.x * (blockDim.x / 32), vecs = dim / 8, groups = (vecs + 32 * DEPTH - 1) / (32 * DEPTH);
    int pair = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    let_next_start();
    Ahead now, next;
    if (pair < pairs) now.load(near + pair * step, far + pair * step, 0, vecs);
    for (int i = threadIdx.x; norm && i < vecs; i += blockDim.x) asm volatile("prefetch.global.L1 [%0];" :: "l"((const uint4*)norm + i));
    wait_for_earlier();
    stage(staged, x, norm, eps, dim);
    for (; pair < pairs; pair += warps) {
        float2 sums = {0.0f, 0.0f};
        for (int group = 0; group < groups; group++) {
            const bool same = group + 1 < groups;
            const i64 row = (same ? pair : min(pair + warps, pairs - 1)) * step;
            next.load(near + row, far + row, same ? group + 1 : 0, vecs);
            now.add_products(staged, group, vecs, sums);
            now = next;
        }
        sums.x = warp_sum(sums.x);
        sums.y = warp_sum(sums.y);
        take(pair, sums);
    }
}

// out[r] = W[r] . norm(x) + bias[r] + add[r]; norm, bias and add may be null. Rows are even in number.
extern "C" __global__ void __launch_bounds__(256, BLOCKS_EACH) decode_linear(
    const bf16* x, const bf16* norm, float eps, const bf16* weight, const bf16* bias, const bf16* add, bf16* out, int rows, int dim) {
    multiply_pairs(x, norm, eps, weight, weight + dim, 2 * (i64)dim, rows / 2, dim, [&](int pair, float2 sums) {
        const int r = threadIdx.x % 32, row = 2 * pair + r;
        if (r < 2) {
            float v = (r ? sums.y : sums.x) + (bias ? to_float(bias[row]) : 0.0f);
            out[row] = to_bf16(add ? to_float(add[row]) + rounded(v) : v);
        }
    });
}

// out[r] = silu(W[r] . norm(x)) * (W[rows + r] . norm(x)).
extern "C" __global__ void __launch_bounds__(256, BLOCKS_EACH) decode_gate_up(
    const bf16* x, const bf16* norm, float eps, const bf16* weight, bf16* out, int rows, int dim) {
    multiply_pairs(x, norm, eps, weight, weight + (i64)rows * dim, dim, rows, dim, [&](int row, float2 sums) {
        if (threadIdx.x % 32 == 0) out[row] = to_bf16(gated(rounded(sums.x), rounded(sums.y)));
    });
}

// Element i of a rotated head: the halves change places, and the table's sine is negative in its first half.
__device__ __forceinline__ float rotated(const bf16* head, const bf16* cosine, const bf16* sine, int i, int dim) {
    int other = i < dim / 2 ? i + dim / 2 : i - dim / 2;
    return rounded(turned(to_float(head[i]), to_float(cosine[i]), to_float(head[other]), to_float(sine[i]), cosine));
}

#define MAX_QUERIES 8
#define ATTEND_WARPS 4

// Attention of the n query heads q of one token to rows [start, end) of one stored head, by tensor cores. q has MAX_QUERIES heads, the last ones zero.
// out [n, d + 2]: the weighted sums of the values, then the largest logit and the sum of weights relative to it. d = 32 PER.
//
// A warp takes 16 rows at a time. Lane 4 g + c holds head g. Products: logits [heads, rows] = q [heads, d] x keys [d, rows], where the lane brings row g's
// numbers 32 j + 8 c .. + 7 as one load, the same for q, so that the order inside the sum agrees; sums [heads, d] += weights [heads, rows] x values [rows, d],
// where it brings numbers 64 h + 8 g .. + 7 of rows 2 c, 2 c + 1, 2 c + 8 and 2 c + 9, and column n of product (h, t) is number 64 h + 8 n + t.
template <int PER>
__device__ void attend_rows(const bf16 (*q)[32 * PER], const bf16* k, const bf16* v, int start, int end, int n, float* out) {
    const int dim = 32 * PER, halves = PER / 2, lane = threadIdx.x % 32, warp = threadIdx.x / 32, g = lane / 4, c = lane % 4;
    __shared__ float best[ATTEND_WARPS][MAX_QUERIES], total[ATTEND_WARPS][MAX_QUERIES], sums[ATTEND_WARPS][MAX_QUERIES][32 * PER];
    const float scale = rsqrtf((float)dim);
    uint4 query[PER];
#pragma unroll
    for (int j = 0; j < PER; j++) query[j] = *(const uint4*)&q[g][32 * j + 8 * c];
    float m = -INFINITE, l = 0.0f, acc[halves][8][4];
#pragma unroll
    for (int i = 0; i < halves * 32; i++) acc[i / 32][i / 4 % 8][i % 4] = 0.0f;
    for (int base = start + 16 * warp; base < end; base += 16 * ATTEND_WARPS) {
        // Rows behind the last one are read as the last one and weigh nothing.
        uint4 key[2][PER], value[halves][4];
#pragma unroll
        for (int t = 0; t < 2; t++)
#pragma unroll
            for (int j = 0; j < PER; j++) key[t][j] = *(const uint4*)(k + (i64)min(base + 8 * t + g, end - 1) * dim + 32 * j + 8 * c);
#pragma unroll
        for (int h = 0; h < halves; h++)
#pragma unroll
            for (int r = 0; r < 4; r++) value[h][r] = *(const uint4*)(v + (i64)min(base + 2 * c + r % 2 + 8 * (r / 2), end - 1) * dim + 64 * h + 8 * g);
        float logits[2][4] = {};
#pragma unroll
        for (int t = 0; t < 2; t++)
#pragma unroll
            for (int j = 0; j < PER; j++) {
                add_product(logits[t], query[j].x, 0, query[j].y, 0, key[t][j].x, key[t][j].y);
                add_product(logits[t], query[j].z, 0, query[j].w, 0, key[t][j].z, key[t][j].w);
            }
        float top = m;
#pragma unroll
        for (int i = 0; i < 4; i++) {
            float& logit = logits[i / 2][i % 2];
            logit = base + 8 * (i / 2) + 2 * c + i % 2 < end ? logit * scale : -INFINITE;
            top = fmaxf(top, logit);
        }
        top = fmaxf(top, __shfl_xor_sync(FULL, top, 1));
        top = fmaxf(top, __shfl_xor_sync(FULL, top, 2));
        const float old = expf(m - top);
        m = top;
        l *= old;
        unsigned weights[2];
#pragma unroll
        for (int t = 0; t < 2; t++) {
            const float even = expf(logits[t][0] - top), odd = expf(logits[t][1] - top);
            l += even + odd;
            weights[t] = packed(even, odd);
        }
#pragma unroll
        for (int h = 0; h < halves; h++)
#pragma unroll
            for (int t = 0; t < 8; t++) {
                acc[h][t][0] *= old;
                acc[h][t][1] *= old;
                add_product(acc[h][t], weights[0], 0, weights[1], 0, paired(value[h][0], value[h][1], t), paired(value[h][2], value[h][3], t));
            }
    }
    l += __shfl_xor_sync(FULL, l, 1);
    l += __shfl_xor_sync(FULL, l, 2);
    if (c == 0) {
        best[warp][g] = m;
        total[warp][g] = l;
    }
#pragma unroll
    for (int h = 0; h < halves; h++)
#pragma unroll
        for (int t = 0; t < 8; t++) {
            sums[warp][g][64 * h + 16 * c + t] = acc[h][t][0];
            sums[warp][g][64 * h + 16 * c + 8 + t] = acc[h][t][1];
        }
    __syncthreads();
    for (int i = threadIdx.x; i < n * dim; i += blockDim.x) {
        const int head = i / dim, at = i % dim;
        float top = -INFINITE, sum = 0.0f, weights = 0.0f;
#pragma unroll
        for (int w = 0; w < ATTEND_WARPS; w++) top = fmaxf(top, best[w][head]);
        if (top > -INFINITE)
#pragma unroll
            for (int w = 0; w < ATTEND_WARPS; w++) {
                const float factor = expf(best[w][head] - top);
                sum += factor * sums[w][head][at];
                weights += factor * total[w][head];
            }
        out[head * (dim + 2) + at] = sum;
        if (at == 0) {
            out[head * (dim + 2) + dim] = top;
            out[head * (dim + 2) + dim + 1] = weights;
        }
    }
}

// The rows of a block's part, [start, end), of rows 0..row; the part that the token's row falls into writes that row.
struct Part {
    int start, end;
    bool writes;
    __device__ Part(int row) {
        int share = (row + gridDim.x) / gridDim.x;
        start = blockIdx.x * share;
        end = min(row + 1, start + share);
        writes = row >= start && row < end;
    }
};

// One token, behind its projections: rotates queries and key, writes row `row` of the cache, attends to rows 0..row. n = H / S query heads read a
// stored head. qkv [H + 2 G, d]; keys and values [S, capacity, d]; queries [H, W, d], or null, takes the rotated queries in at its last place and
// moves the others up; parts [S, parts, n, d + 2]. Grid (parts, S).
template <int PER>
__device__ void attend_one(
    const bf16* qkv, const bf16* cosine, const bf16* sine, bf16* keys, bf16* values, i64 head_stride, int row, int heads, int kv_heads,
    bf16* queries, int window, float* parts) {
    const int dim = 32 * PER, s = blockIdx.y, n = heads / gridDim.y, g = s * kv_heads / gridDim.y;
    const Part part(row);
    __shared__ __align__(16) bf16 q[MAX_QUERIES][32 * PER];
    bf16 *k = keys + s * head_stride, *v = values + s * head_stride;
    let_next_start();
    wait_for_earlier();
    const int each = MAX_QUERIES * dim / (32 * ATTEND_WARPS);
    bf16 own[each];
#pragma unroll
    for (int r = 0; r < each; r++) {
        const int i = r * 32 * ATTEND_WARPS + threadIdx.x;
        own[r] = i < n * dim ? to_bf16(rotated(qkv + (s * n + i / dim) * dim, cosine, sine, i % dim, dim)) : 0;
    }
#pragma unroll
    for (int r = 0; r < each; r++) {
        const int i = r * 32 * ATTEND_WARPS + threadIdx.x, at = i % dim;
        q[i / dim][at] = own[r];
        if (queries && part.writes && i < n * dim) {
            bf16* kept = queries + (i64)(s * n + i / dim) * window * dim + at;
            for (int w = 0; w + 1 < window; w++) kept[w * dim] = kept[(w + 1) * dim];
            kept[(window - 1) * dim] = own[r];
        }
    }
    if (part.writes)
        for (int i = threadIdx.x; i < dim; i += blockDim.x) {
            k[(i64)row * dim + i] = to_bf16(rotated(qkv + (heads + g) * dim, cosine, sine, i, dim));
            v[(i64)row * dim + i] = qkv[(heads + kv_heads + g) * dim + i];
        }
    __syncthreads();
    attend_rows<PER>(q, k, v, part.start, part.end, n, parts + ((i64)s * gridDim.x + blockIdx.x) * n * (dim + 2));
}

extern "C" __global__ void __launch_bounds__(32 * ATTEND_WARPS) attend_one_128(
    const bf16* qkv, const bf16* cosine, const bf16* sine, bf16* keys, bf16* values, i64 head_stride, int row, int heads, int kv_heads,
    bf16* queries, int window, float* parts) {
    attend_one<4>(qkv, cosine, sine, keys, values, head_stride, row, heads, kv_heads, queries, window, parts);
}

extern "C" __global__ void __launch_bounds__(32 * ATTEND_WARPS) attend_one_64(
    const bf16* qkv, const bf16* cosine, const bf16* sine, bf16* keys, bf16* values, i64 head_stride, int row, int heads, int kv_heads,
    bf16* queries, int window, float* parts) {
    attend_one<2>(qkv, cosine, sine, keys, values, head_stride, row, heads, kv_heads, queries, window, parts);
}

// One layer's cache of a session.
struct Session {
    bf16 *keys, *values;
    i64 head_stride, row;
};

// A token each of B sessions: writes each one's row, `after` rows behind the one that its session names, and attends to its own rows. q [H, B, d] and
// fresh keys and values [G, B, d] are rotated, with strides between heads and between sessions; parts [B, S, parts, n, d + 2]. Grid (parts, S, B).
template <int PER>
__device__ void attend_together(
    const bf16* q, i64 q_head, i64 q_row, const bf16* fresh_keys, const bf16* fresh_values, i64 k_head, i64 k_row, i64 v_head, i64 v_row,
    const Session* sessions, int after, int heads, int kv_heads, float* parts) {
    const int dim = 32 * PER, s = blockIdx.y, b = blockIdx.z, n = heads / gridDim.y, g = s * kv_heads / gridDim.y;
    const Session session = sessions[b];
    const int row = (int)session.row + after;
    const Part part(row);
    __shared__ __align__(16) bf16 own[MAX_QUERIES][32 * PER];
    bf16 *k = session.keys + s * session.head_stride, *v = session.values + s * session.head_stride;
    for (int i = threadIdx.x; i < MAX_QUERIES * dim; i += blockDim.x)
        own[i / dim][i % dim] = i < n * dim ? q[(s * n + i / dim) * q_head + b * q_row + i % dim] : 0;
    if (part.writes)
        for (int i = threadIdx.x; i < dim; i += blockDim.x) {
            k[(i64)row * dim + i] = fresh_keys[g * k_head + b * k_row + i];
            v[(i64)row * dim + i] = fresh_values[g * v_head + b * v_row + i];
        }
    __syncthreads();
    attend_rows<PER>(own, k, v, part.start, part.end, n, parts + (((i64)b * gridDim.y + s) * gridDim.x + blockIdx.x) * n * (dim + 2));
}

extern "C" __global__ void __launch_bounds__(32 * ATTEND_WARPS) attend_together_128(
    const bf16* q, i64 q_head, i64 q_row, const bf16* fresh_keys, const bf16* fresh_values, i64 k_head, i64 k_row, i64 v_head, i64 v_row,
    const Session* sessions, int after, int heads, int kv_heads, float* parts) {
    attend_together<4>(q, q_head, q_row, fresh_keys, fresh_values, k_head, k_row, v_head, v_row, sessions, after, heads, kv_heads, parts);
}

extern "C" __global__ void __launch_bounds__(32 * ATTEND_WARPS) attend_together_64(
    const bf16* q, i64 q_head, i64 q_row, const bf16* fresh_keys, const bf16* fresh_values, i64 k_head, i64 k_row, i64 v_head, i64 v_row,
    const Session* sessions, int after, int heads, int kv_heads, float* parts) {
    attend_together<2>(q, q_head, q_row, fresh_keys, fresh_values, k_head, k_row, v_head, v_row, sessions, after, heads, kv_heads, parts);
}

// A query head's parts become its attention, [B, H, d]. Grid (H, B), block (d, 4): the four rows of threads share the parts; count parts a stored head,
// n query heads a stored head; dynamic shared memory has count + 4 d floats.
extern "C" __global__ void attend_combine(const float* parts, bf16* out, int count, int n) {
    extern __shared__ float factors[];
    const int dim = blockDim.x, at = threadIdx.x, h = blockIdx.x % n, thread = threadIdx.y * dim + at, threads = dim * blockDim.y;
    const i64 stored = (i64)blockIdx.y * (gridDim.x / n) + blockIdx.x / n, stride = (i64)n * (dim + 2);
    const float* from = parts + (stored * count * n + h) * (dim + 2);
    __shared__ float total;
    float* shares = factors + count;
    let_next_start();
    wait_for_earlier();
    float ahead[16];
#pragma unroll
    for (int r = 0; r < 16; r++) ahead[r] = from[min((int)threadIdx.y + 4 * r, count - 1) * stride + at];
    if (thread < 32) {
        float top = -INFINITE, weights = 0.0f;
        for (int p = thread; p < count; p += 32) top = fmaxf(top, from[p * stride + dim]);
        top = warp_max(top);
        for (int p = thread; p < count; p += 32) {
            factors[p] = expf(from[p * stride + dim] - top);
            weights += factors[p] * from[p * stride + dim + 1];
        }
        weights = warp_sum(weights);
        if (thread == 0) total = weights;
    }
    __syncthreads();
    float sum = 0.0f;
#pragma unroll
    for (int r = 0; r < 16; r++)
        if ((int)threadIdx.y + 4 * r < count) sum += factors[threadIdx.y + 4 * r] * ahead[r];
    for (int p = threadIdx.y + 64; p < count; p += 4) sum += factors[p] * from[p * stride + at];
    shares[thread] = sum;
    __syncthreads();
    if (thread < dim) {
        for (int i = thread + dim; i < threads; i += dim) sum += shares[i];
        out[((i64)blockIdx.y * gridDim.x + blockIdx.x) * dim + at] = to_bf16(sum / total);
    }
}
