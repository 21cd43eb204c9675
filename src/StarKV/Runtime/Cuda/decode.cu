// Kernels of the decode: one token through a decoder layer in six launches, each of which reads its weights once. Behind selection.cu in one
// module, whose helpers they use. Numbers are rounded to bfloat16 where the plain operations round them, so that both give nearly the same sums.
// D hidden size, H query heads, S stored heads, G key/value heads, d head dimension, all multiples of 8.

__device__ __forceinline__ bf16 to_bf16(float v) {
    unsigned bits = __float_as_uint(v);
    return (bf16)((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

__device__ __forceinline__ float low(unsigned v) { return __uint_as_float(v << 16); }

__device__ __forceinline__ float high(unsigned v) { return __uint_as_float(v & 0xffff0000u); }

// Eight products of bfloat16 numbers, summed.
__device__ __forceinline__ float dot8(uint4 a, uint4 b) {
    return low(a.x) * low(b.x) + high(a.x) * high(b.x) + low(a.y) * low(b.y) + high(a.y) * high(b.y)
         + low(a.z) * low(b.z) + high(a.z) * high(b.z) + low(a.w) * low(b.w) + high(a.w) * high(b.w);
}

// Puts a vector into shared memory, after the root mean square norm unless norm is null. All threads of the block call it.
__device__ void stage(bf16* to, const bf16* x, const bf16* norm, float eps, int dim) {
    float scale = 1.0f;
    if (norm) {
        float squares = 0.0f;
        for (int i = threadIdx.x; i < dim; i += blockDim.x) squares += to_float(x[i]) * to_float(x[i]);
        scale = rsqrtf(block_sum(squares) / dim + eps);
    }
    for (int i = threadIdx.x; i < dim; i += blockDim.x) to[i] = norm ? to_bf16(to_float(x[i]) * scale * to_float(norm[i])) : x[i];
    __syncthreads();
}

// The products of a staged vector with two rows of a matrix, the same in all lanes of the warp.
__device__ float2 two_rows(const bf16* x, const bf16* first, const bf16* second, int dim) {
    const uint4 *xs = (const uint4*)x, *a = (const uint4*)first, *b = (const uint4*)second;
    float2 sums = {0.0f, 0.0f};
#pragma unroll 4
    for (int i = threadIdx.x % 32; i < dim / 8; i += 32) {
        uint4 v = xs[i];
        sums.x += dot8(__ldg(a + i), v);
        sums.y += dot8(__ldg(b + i), v);
    }
    sums.x = warp_sum(sums.x);
    sums.y = warp_sum(sums.y);
    return sums;
}

// out[r] = W[r] . norm(x) + bias[r] + add[r]; norm, bias and add may be null. A warp takes two rows; dynamic shared memory holds x.
extern "C" __global__ void __launch_bounds__(256) decode_linear(
    const bf16* x, const bf16* norm, float eps, const bf16* weight, const bf16* bias, const bf16* add, bf16* out, int rows, int dim) {
    extern __shared__ uint4 staged[];
    stage((bf16*)staged, x, norm, eps, dim);
    for (int row = 2 * (blockIdx.x * 8 + threadIdx.x / 32); row < rows; row += 16 * gridDim.x) {
        int second = min(row + 1, rows - 1);
        float2 sums = two_rows((const bf16*)staged, weight + (i64)row * dim, weight + (i64)second * dim, dim);
        int r = threadIdx.x % 32;
        if (r < 2 && row + r < rows) {
            float v = (r ? sums.y : sums.x) + (bias ? to_float(bias[row + r]) : 0.0f);
            out[row + r] = to_bf16(add ? to_float(add[row + r]) + rounded(v) : v);
        }
    }
}

// out[r] = silu(W[r] . norm(x)) * (W[rows + r] . norm(x)).
extern "C" __global__ void __launch_bounds__(256) decode_gate_up(
    const bf16* x, const bf16* norm, float eps, const bf16* weight, bf16* out, int rows, int dim) {
    extern __shared__ uint4 staged[];
    stage((bf16*)staged, x, norm, eps, dim);
    for (int row = blockIdx.x * 8 + threadIdx.x / 32; row < rows; row += 8 * gridDim.x) {
        float2 sums = two_rows((const bf16*)staged, weight + (i64)row * dim, weight + (i64)(rows + row) * dim, dim);
        if (threadIdx.x % 32 == 0) {
            float gate = rounded(sums.x);
            out[row] = to_bf16(rounded(gate / (1.0f + expf(-gate))) * rounded(sums.y));
        }
    }
}

// Element i of a rotated head: the halves change places, and the table's sine is negative in its first half.
__device__ __forceinline__ float rotated(const bf16* head, const bf16* cosine, const bf16* sine, int i, int dim) {
    int other = i < dim / 2 ? i + dim / 2 : i - dim / 2;
    return rounded(rounded(to_float(head[i]) * to_float(cosine[i])) + to_float(head[other]) * to_float(sine[i]));
}

#define MAX_QUERIES 8

// Attention of the n query heads q of one token to rows [start, end) of one stored head. out [n, d + 2]: the weighted sums of the values, then the
// largest logit and the sum of weights relative to it. The block has at most eight warps; d = 32 PER.
template <int PER>
__device__ void attend_rows(const float (*q)[32 * PER], const bf16* k, const bf16* v, int start, int end, int n, float* out) {
    const int dim = 32 * PER, lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = blockDim.x / 32;
    __shared__ float best[8][MAX_QUERIES], total[8][MAX_QUERIES];
    __shared__ float sums[8][MAX_QUERIES][32 * PER];
    const float scale = rsqrtf((float)dim);
    float m[MAX_QUERIES], l[MAX_QUERIES], acc[MAX_QUERIES][PER];
#pragma unroll
    for (int h = 0; h < MAX_QUERIES; h++) {
        m[h] = -INFINITE;
        l[h] = 0.0f;
#pragma unroll
        for (int p = 0; p < PER; p++) acc[h][p] = 0.0f;
    }
    for (int r = start + warp; r < end; r += warps) {
        float key[PER], value[PER];
#pragma unroll
        for (int p = 0; p < PER; p += 2) {
            unsigned a = *(const unsigned*)(k + (i64)r * dim + lane * PER + p), b = *(const unsigned*)(v + (i64)r * dim + lane * PER + p);
            key[p] = low(a);
            key[p + 1] = high(a);
            value[p] = low(b);
            value[p + 1] = high(b);
        }
#pragma unroll
        for (int h = 0; h < MAX_QUERIES; h++) {
            if (h >= n) break;
            float logit = 0.0f;
#pragma unroll
            for (int p = 0; p < PER; p++) logit += q[h][lane * PER + p] * key[p];
            logit = warp_sum(logit) * scale;
            float top = fmaxf(m[h], logit), old = expf(m[h] - top), weight = expf(logit - top);
            m[h] = top;
            l[h] = l[h] * old + weight;
#pragma unroll
            for (int p = 0; p < PER; p++) acc[h][p] = acc[h][p] * old + weight * value[p];
        }
    }
#pragma unroll
    for (int h = 0; h < MAX_QUERIES; h++) {
        if (h >= n) break;
        if (lane == 0) {
            best[warp][h] = m[h];
            total[warp][h] = l[h];
        }
#pragma unroll
        for (int p = 0; p < PER; p++) sums[warp][h][lane * PER + p] = acc[h][p];
    }
    __syncthreads();
    for (int i = threadIdx.x; i < n * dim; i += blockDim.x) {
        int h = i / dim, at = i % dim;
        float top = -INFINITE, sum = 0.0f, weights = 0.0f;
        for (int w = 0; w < warps; w++) top = fmaxf(top, best[w][h]);
        if (top > -INFINITE)
            for (int w = 0; w < warps; w++) {
                float factor = expf(best[w][h] - top);
                sum += factor * sums[w][h][at];
                weights += factor * total[w][h];
            }
        out[h * (dim + 2) + at] = sum;
        if (at == 0) {
            out[h * (dim + 2) + dim] = top;
            out[h * (dim + 2) + dim + 1] = weights;
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
    __shared__ float q[MAX_QUERIES][32 * PER];
    bf16 *k = keys + s * head_stride, *v = values + s * head_stride;
    for (int i = threadIdx.x; i < n * dim; i += blockDim.x) {
        int head = s * n + i / dim, at = i % dim;
        q[i / dim][at] = rotated(qkv + head * dim, cosine, sine, at, dim);
        if (queries && part.writes) {
            bf16* kept = queries + (i64)head * window * dim + at;
            for (int w = 0; w + 1 < window; w++) kept[w * dim] = kept[(w + 1) * dim];
            kept[(window - 1) * dim] = to_bf16(q[i / dim][at]);
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

extern "C" __global__ void __launch_bounds__(256) attend_one_128(
    const bf16* qkv, const bf16* cosine, const bf16* sine, bf16* keys, bf16* values, i64 head_stride, int row, int heads, int kv_heads,
    bf16* queries, int window, float* parts) {
    attend_one<4>(qkv, cosine, sine, keys, values, head_stride, row, heads, kv_heads, queries, window, parts);
}

extern "C" __global__ void __launch_bounds__(256) attend_one_64(
    const bf16* qkv, const bf16* cosine, const bf16* sine, bf16* keys, bf16* values, i64 head_stride, int row, int heads, int kv_heads,
    bf16* queries, int window, float* parts) {
    attend_one<2>(qkv, cosine, sine, keys, values, head_stride, row, heads, kv_heads, queries, window, parts);
}

// One layer's cache of a session.
struct Session {
    bf16 *keys, *values;
    i64 head_stride, row;
};

// A token each of B sessions: writes each one's row and attends to its own rows. q [H, B, d] and fresh keys and values [G, B, d] are rotated, with
// strides between heads and between sessions; parts [B, S, parts, n, d + 2]. Grid (parts, S, B).
template <int PER>
__device__ void attend_together(
    const bf16* q, i64 q_head, i64 q_row, const bf16* fresh_keys, const bf16* fresh_values, i64 k_head, i64 k_row, i64 v_head, i64 v_row,
    const Session* sessions, int heads, int kv_heads, float* parts) {
    const int dim = 32 * PER, s = blockIdx.y, b = blockIdx.z, n = heads / gridDim.y, g = s * kv_heads / gridDim.y;
    const Session session = sessions[b];
    const int row = (int)session.row;
    const Part part(row);
    __shared__ float own[MAX_QUERIES][32 * PER];
    bf16 *k = session.keys + s * session.head_stride, *v = session.values + s * session.head_stride;
    for (int i = threadIdx.x; i < n * dim; i += blockDim.x) own[i / dim][i % dim] = to_float(q[(s * n + i / dim) * q_head + b * q_row + i % dim]);
    if (part.writes)
        for (int i = threadIdx.x; i < dim; i += blockDim.x) {
            k[(i64)row * dim + i] = fresh_keys[g * k_head + b * k_row + i];
            v[(i64)row * dim + i] = fresh_values[g * v_head + b * v_row + i];
        }
    __syncthreads();
    attend_rows<PER>(own, k, v, part.start, part.end, n, parts + (((i64)b * gridDim.y + s) * gridDim.x + blockIdx.x) * n * (dim + 2));
}

extern "C" __global__ void __launch_bounds__(256) attend_together_128(
    const bf16* q, i64 q_head, i64 q_row, const bf16* fresh_keys, const bf16* fresh_values, i64 k_head, i64 k_row, i64 v_head, i64 v_row,
    const Session* sessions, int heads, int kv_heads, float* parts) {
    attend_together<4>(q, q_head, q_row, fresh_keys, fresh_values, k_head, k_row, v_head, v_row, sessions, heads, kv_heads, parts);
}

extern "C" __global__ void __launch_bounds__(256) attend_together_64(
    const bf16* q, i64 q_head, i64 q_row, const bf16* fresh_keys, const bf16* fresh_values, i64 k_head, i64 k_row, i64 v_head, i64 v_row,
    const Session* sessions, int heads, int kv_heads, float* parts) {
    attend_together<2>(q, q_head, q_row, fresh_keys, fresh_values, k_head, k_row, v_head, v_row, sessions, heads, kv_heads, parts);
}

// A query head's parts become its attention, [B, H, d]. Grid (H, B), block d; count parts a stored head, n query heads a stored head.
extern "C" __global__ void attend_combine(const float* parts, bf16* out, int count, int n) {
    const int dim = blockDim.x, at = threadIdx.x, h = blockIdx.x % n;
    const i64 stored = (i64)blockIdx.y * (gridDim.x / n) + blockIdx.x / n, stride = (i64)n * (dim + 2);
    const float* from = parts + (stored * count * n + h) * (dim + 2);
    float top = -INFINITE, sum = 0.0f, weights = 0.0f;
    for (int p = 0; p < count; p++) top = fmaxf(top, from[p * stride + dim]);
    for (int p = 0; p < count; p++) {
        float factor = expf(from[p * stride + dim] - top);
        sum += factor * from[p * stride + at];
        weights += factor * from[p * stride + dim + 1];
    }
    out[((i64)blockIdx.y * gridDim.x + blockIdx.x) * dim + at] = to_bf16(sum / weights);
}
