// Passes over many tokens that the plain operations make several times, after Numbers.cu. Memory bounds them. Rounded where the plain operations round.

__device__ __forceinline__ unsigned gated2(unsigned gate, unsigned up) { return packed(gated(low(gate), low(up)), gated(high(gate), high(up))); }

// out = silu(gate) * up, [rows, width], of gate and up side by side, [rows, 2 width]. A thread takes eight numbers; width is a multiple of 8.
extern "C" __global__ void __launch_bounds__(256) gate_rows(const uint4* gate_up, uint4* out, i64 rows, int width) {
    const i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x, eights = width / 8, row = i / eights;
    if (row >= rows) return;
    const uint4 gate = gate_up[row * eights + i], up = gate_up[row * eights + i + eights];
    out[i] = {gated2(gate.x, up.x), gated2(gate.y, up.y), gated2(gate.z, up.z), gated2(gate.w, up.w)};
}

// What changes one gate and its up, given what changes their gated product; [rows, 2 width] of [rows, width], threads as above.
__device__ __forceinline__ float2 gate_gradient(float gate, float up, float gradient) {
    const float share = 1.0f / (1.0f + expf(-gate));
    return {gradient * up * share * (1.0f + gate * (1.0f - share)), gradient * gate * share};
}

__device__ __forceinline__ void gate_gradient2(unsigned gate, unsigned up, unsigned gradient, unsigned& gate_out, unsigned& up_out) {
    const float2 lower = gate_gradient(low(gate), low(up), low(gradient)), upper = gate_gradient(high(gate), high(up), high(gradient));
    gate_out = packed(lower.x, upper.x);
    up_out = packed(lower.y, upper.y);
}

extern "C" __global__ void __launch_bounds__(256) gate_gradient_rows(const uint4* gate_up, const uint4* gradient, uint4* out, i64 rows, int width) {
    const i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x, eights = width / 8, row = i / eights;
    if (row >= rows) return;
    const i64 at = row * eights + i;
    const uint4 gate = gate_up[at], up = gate_up[at + eights], given = gradient[i];
    uint4 own, other;
    gate_gradient2(gate.x, up.x, given.x, own.x, other.x);
    gate_gradient2(gate.y, up.y, given.y, own.y, other.y);
    gate_gradient2(gate.z, up.z, given.z, own.z, other.z);
    gate_gradient2(gate.w, up.w, given.w, own.w, other.w);
    out[at] = own;
    out[at + eights] = other;
}

// Eight numbers, of either type.
struct Eight {
    float v[8];
    __device__ Eight(uint4 e) {
        const unsigned words[4] = {e.x, e.y, e.z, e.w};
#pragma unroll
        for (int i = 0; i < 8; i++) v[i] = i % 2 ? high(words[i / 2]) : low(words[i / 2]);
    }
    __device__ Eight(const bf16* from) : Eight(*(const uint4*)from) {}
    __device__ Eight(const float* from) {
        const float4 a = ((const float4*)from)[0], b = ((const float4*)from)[1];
        v[0] = a.x, v[1] = a.y, v[2] = a.z, v[3] = a.w, v[4] = b.x, v[5] = b.y, v[6] = b.z, v[7] = b.w;
    }
};

#define HEADS_EACH 4

// Rotates heads where they lie: x [rows, heads, d] with a stride between rows; row r has the angles of token r % tokens, [tokens, d], whose sines are
// negative in their first half. A thread takes eight numbers, and the eight that change places with them, of four heads; d is a multiple of 16.
template <typename T>
__device__ void rotate_rows(bf16* x, const T* cosines, const T* sines, i64 rows, i64 row_stride, int tokens, int heads, int dim) {
    const int eights = dim / 16, half = dim / 2, groups = (heads + HEADS_EACH - 1) / HEADS_EACH;
    const i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x, group = i / eights, row = group / groups;
    if (row >= rows) return;
    const int at = 8 * (int)(i % eights), head = HEADS_EACH * (int)(group % groups);
    const i64 angle = row % tokens * dim + at;
    const Eight ca(cosines + angle), cb(cosines + angle + half), sa(sines + angle), sb(sines + angle + half);
    bf16* first = x + row * row_stride + head * dim + at;
    uint4 a[HEADS_EACH], b[HEADS_EACH];
#pragma unroll
    for (int h = 0; h < HEADS_EACH; h++) {
        const int own = min(h, heads - head - 1) * dim;
        a[h] = *(const uint4*)(first + own);
        b[h] = *(const uint4*)(first + own + half);
    }
#pragma unroll
    for (int h = 0; h < HEADS_EACH; h++) {
        if (head + h >= heads) return;
        const Eight va(a[h]), vb(b[h]);
        float ra[8], rb[8];
#pragma unroll
        for (int n = 0; n < 8; n++) {
            ra[n] = turned(va.v[n], ca.v[n], vb.v[n], sa.v[n], cosines);
            rb[n] = turned(vb.v[n], cb.v[n], va.v[n], sb.v[n], cosines);
        }
        *(uint4*)(first + h * dim) = {packed(ra[0], ra[1]), packed(ra[2], ra[3]), packed(ra[4], ra[5]), packed(ra[6], ra[7])};
        *(uint4*)(first + h * dim + half) = {packed(rb[0], rb[1]), packed(rb[2], rb[3]), packed(rb[4], rb[5]), packed(rb[6], rb[7])};
    }
}

extern "C" __global__ void __launch_bounds__(256) rotate_rows_bf16(
    bf16* x, const bf16* cosines, const bf16* sines, i64 rows, i64 row_stride, int tokens, int heads, int dim) {
    rotate_rows(x, cosines, sines, rows, row_stride, tokens, heads, dim);
}

extern "C" __global__ void __launch_bounds__(256) rotate_rows_float(
    bf16* x, const float* cosines, const float* sines, i64 rows, i64 row_stride, int tokens, int heads, int dim) {
    rotate_rows(x, cosines, sines, rows, row_stride, tokens, heads, dim);
}

__device__ __forceinline__ unsigned added2(unsigned a, unsigned b) { return packed(low(a) + low(b), high(a) + high(b)); }

// x += y, and normed = the root mean square norm of that; rows of at most 2,048 numbers. A warp takes a row.
extern "C" __global__ void __launch_bounds__(256) add_norm(uint4* x, const uint4* y, const uint4* weight, uint4* normed, i64 rows, int dim, float eps) {
    const int lane = threadIdx.x % 32, eights = dim / 8, most = 8;
    const i64 row = (i64)blockIdx.x * 8 + threadIdx.x / 32;
    if (row >= rows) return;
    uint4 sum[most];
    float squares = 0.0f;
#pragma unroll
    for (int n = 0; n < most; n++)
        if (const int i = lane + 32 * n; i < eights) {
            const uint4 a = x[row * eights + i], b = y[row * eights + i];
            sum[n] = {added2(a.x, b.x), added2(a.y, b.y), added2(a.z, b.z), added2(a.w, b.w)};
            squares += dot8(sum[n], sum[n]);
        }
    const float scale = rsqrtf(warp_sum(squares) / dim + eps);
#pragma unroll
    for (int n = 0; n < most; n++)
        if (const int i = lane + 32 * n; i < eights) {
            const uint4 w = weight[i], v = sum[n];
            x[row * eights + i] = v;
            normed[row * eights + i] = {scaled(v.x, w.x, scale), scaled(v.y, w.y, scale), scaled(v.z, w.z, scale), scaled(v.w, w.w, scale)};
        }
}

// Root mean square norms of heads where they lie: x [rows, heads, d] with a stride between rows, the first query_heads with one weight, those behind
// them with another. A warp takes a head, a lane eight of its numbers. It may be launched before the kernel ahead of it has ended.
extern "C" __global__ void __launch_bounds__(256) norm_heads(
    bf16* x, const bf16* query, const bf16* key, i64 rows, i64 row_stride, int query_heads, int heads, int dim, float eps) {
    let_next_start();
    wait_for_earlier();
    const int lane = threadIdx.x % 32;
    const i64 i = (i64)blockIdx.x * 8 + threadIdx.x / 32, row = i / heads;
    if (row >= rows) return;
    const int head = (int)(i % heads);
    const bool has = lane < dim / 8;
    uint4* own = (uint4*)(x + row * row_stride + head * dim) + lane;
    const uint4 v = has ? *own : uint4{0, 0, 0, 0};
    const float scale = rsqrtf(warp_sum(dot8(v, v)) / dim + eps);
    if (!has) return;
    const uint4 w = ((const uint4*)(head < query_heads ? query : key))[lane];
    *own = {scaled(v.x, w.x, scale), scaled(v.y, w.y, scale), scaled(v.z, w.z, scale), scaled(v.w, w.w, scale)};
}

// Puts together what queries took from up to four parts of their keys, each [.., heads, d] by row, weighted by their sums of exponentials, whose logarithms
// lie [heads, stride]; the first part's stride differs. A thread takes eight numbers; d is a multiple of 8.
extern "C" __global__ void __launch_bounds__(256) join_parts(const bf16* a, const float* sums_a, const bf16* b, const float* sums_b, const bf16* c,
                                                             const float* sums_c, const bf16* d, const float* sums_d, bf16* joined, i64 rows, int heads, int dim,
                                                             int parts, i64 first_stride, i64 stride) {
    const int eights = dim / 8;
    const i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x, row = i / eights / heads;
    if (row >= rows) return;
    const int head = (int)(i / eights % heads);
    const i64 other = head * stride + row;
    const bf16* taken[4] = {a, b, c, d};
    const float* sums[4] = {sums_a + head * first_stride + row, sums_b + other, sums_c + other, sums_d + other};
    float weights[4], most = -INFINITE, total = 0.0f;
    for (int p = 0; p < parts; p++) most = fmaxf(most, weights[p] = *sums[p]);
    for (int p = 0; p < parts; p++) total += weights[p] = expf(weights[p] - most);
    float whole[8] = {};
    for (int p = 0; p < parts; p++) {
        const Eight e(taken[p] + 8 * i);
        const float weight = weights[p] / total;
#pragma unroll
        for (int n = 0; n < 8; n++) whole[n] += weight * e.v[n];
    }
    ((uint4*)joined)[i] = {packed(whole[0], whole[1]), packed(whole[2], whole[3]), packed(whole[4], whole[5]), packed(whole[6], whole[7])};
}
