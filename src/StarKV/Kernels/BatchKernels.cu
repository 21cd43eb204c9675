// Kernels of a batch's decode: products of up to 32 tokens' vectors with a matrix, which is read once for all of them. After DecodeKernels.cu.
// Numbers are rounded to bfloat16 where the plain operations round them; the order of a sum does not depend on how many tokens there are.

// normed[b] = the root mean square norm of x[b]. Grid (B).
extern "C" __global__ void __launch_bounds__(256) batch_norm(const bf16* x, const bf16* norm, float eps, bf16* normed, int dim) {
    extern __shared__ uint4 row[];
    let_next_start();
    wait_for_earlier();
    stage(row, x + blockIdx.x * (i64)dim, norm, eps, dim);
    for (int i = threadIdx.x; i < dim / 8; i += blockDim.x) ((uint4*)(normed + blockIdx.x * (i64)dim))[i] = row[i];
}

#define BATCH_WARPS 8
#define TILE 16
#define CHUNK 64

// What a warp multiplies next: a chunk's numbers 8 c .. 8 c + 7 and 32 more of rows g and g + 8 of two tiles, and of token g of each eight tokens, where
// the lane is 4 g + c. A product takes the lane's numbers in this order from both sides, so that the order inside the sum agrees.
template <int EIGHTS>
struct BatchAhead {
    uint4 w[2][4], x[2][EIGHTS];
    __device__ __forceinline__ void load_rows(const bf16* near, const bf16* far, int chunk, int dim) {
        const int g = threadIdx.x % 32 / 4, c = threadIdx.x % 4;
#pragma unroll
        for (int h = 0; h < 2; h++) {
            const int k = chunk * CHUNK + 32 * h + 8 * c;
#pragma unroll
            for (int r = 0; r < 4; r++)
                w[h][r] = k < dim ? __ldg((const uint4*)((r < 2 ? near : far) + (i64)(g + r % 2 * 8) * dim + k)) : uint4{0, 0, 0, 0};
        }
    }
    __device__ __forceinline__ void load_tokens(const bf16* tokens, int count, int chunk, int dim) {
        const int g = threadIdx.x % 32 / 4, c = threadIdx.x % 4;
#pragma unroll
        for (int h = 0; h < 2; h++) {
            const int k = chunk * CHUNK + 32 * h + 8 * c;
#pragma unroll
            for (int n = 0; n < EIGHTS; n++)
                x[h][n] = k < dim && 8 * n + g < count ? *(const uint4*)(tokens + (i64)(8 * n + g) * dim + k) : uint4{0, 0, 0, 0};
        }
    }
    __device__ __forceinline__ void add_products(float (*sums)[EIGHTS][4]) const {
#pragma unroll
        for (int h = 0; h < 2; h++)
#pragma unroll
            for (int n = 0; n < EIGHTS; n++)
#pragma unroll
                for (int t = 0; t < 2; t++) {
                    const uint4 a = w[h][2 * t], b = w[h][2 * t + 1];
                    add_product(sums[t][n], a.x, b.x, a.y, b.y, x[h][n].x, x[h][n].y);
                    add_product(sums[t][n], a.z, b.z, a.w, b.w, x[h][n].z, x[h][n].w);
                }
    }
};

// Products of `count` tokens, [count, dim], with pairs of tiles of 16 rows: pair p is the rows behind near + p * step and far + p * step. A block takes
// every so-manieth pair, each of its warps an eighth of the chunks, and hands both sums of row r and token b to take(p, r, b, near, far). The rows stream
// without a break, also from one pair to the next.
template <int EIGHTS, typename Take>
__device__ __forceinline__ void multiply_tiles(const bf16* x, int count, const bf16* near, const bf16* far, i64 step, int pairs, int dim, Take take) {
    __shared__ float parts[BATCH_WARPS][2][8 * EIGHTS][TILE + 1];
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, g = lane / 4, c = lane % 4;
    const int rounds = (dim + BATCH_WARPS * CHUNK - 1) / (BATCH_WARPS * CHUNK);
    int pair = blockIdx.x;
    let_next_start();
    BatchAhead<EIGHTS> now, next;
    if (pair < pairs) now.load_rows(near + pair * step, far + pair * step, warp, dim);
    wait_for_earlier();
    now.load_tokens(x, count, warp, dim);
    for (; pair < pairs; pair += gridDim.x) {
        float sums[2][EIGHTS][4];
#pragma unroll
        for (int i = 0; i < 8 * EIGHTS; i++) sums[i / 4 / EIGHTS][i / 4 % EIGHTS][i % 4] = 0.0f;
        for (int round = 0; round < rounds; round++) {
            const bool same = round + 1 < rounds;
            const i64 row = (same ? pair : min(pair + (int)gridDim.x, pairs - 1)) * step;
            const int chunk = (same ? round + 1 : 0) * BATCH_WARPS + warp;
            next.load_rows(near + row, far + row, chunk, dim);
            next.load_tokens(x, count, chunk, dim);
            now.add_products(sums);
            now = next;
        }
        __syncthreads();
#pragma unroll
        for (int t = 0; t < 2; t++)
#pragma unroll
            for (int n = 0; n < EIGHTS; n++)
#pragma unroll
                for (int i = 0; i < 4; i++) parts[warp][t][8 * n + 2 * c + i % 2][g + i / 2 * 8] = sums[t][n][i];
        __syncthreads();
        for (int i = threadIdx.x; i < TILE * count; i += blockDim.x) {
            const int r = i % TILE, b = i / TILE;
            float first = 0.0f, second = 0.0f;
#pragma unroll
            for (int w = 0; w < BATCH_WARPS; w++) {
                first += parts[w][0][b][r];
                second += parts[w][1][b][r];
            }
            take(pair, r, b, first, second);
        }
    }
}

// out[b, r] = W[r] . x[b] + bias[r] + add[b, r]; bias and add may be null, add may be out. Rows are a multiple of 32.
template <int EIGHTS>
__device__ __forceinline__ void batch_product(
    const bf16* x, const bf16* weight, const bf16* bias, const bf16* add, bf16* out, int rows, int dim, int count) {
    multiply_tiles<EIGHTS>(x, count, weight, weight + (i64)TILE * dim, 2 * (i64)TILE * dim, rows / (2 * TILE), dim,
                           [&](int pair, int r, int b, float near, float far) {
#pragma unroll
        for (int t = 0; t < 2; t++) {
            const int row = (2 * pair + t) * TILE + r;
            const i64 at = b * (i64)rows + row;
            const float v = (t ? far : near) + (bias ? to_float(bias[row]) : 0.0f);
            out[at] = to_bf16(add ? to_float(add[at]) + rounded(v) : v);
        }
    });
}

// out[b, r] = silu(W[r] . x[b]) * (W[rows + r] . x[b]). Rows are a multiple of 16.
template <int EIGHTS>
__device__ __forceinline__ void batch_gated(const bf16* x, const bf16* weight, bf16* out, int rows, int dim, int count) {
    multiply_tiles<EIGHTS>(x, count, weight, weight + (i64)rows * dim, (i64)TILE * dim, rows / TILE, dim,
                           [&](int pair, int r, int b, float gate, float up) {
        out[b * (i64)rows + pair * TILE + r] = to_bf16(gated(rounded(gate), rounded(up)));
    });
}

extern "C" __global__ void __launch_bounds__(32 * BATCH_WARPS, 2) batch_linear_8(
    const bf16* x, const bf16* weight, const bf16* bias, const bf16* add, bf16* out, int rows, int dim, int count) {
    batch_product<1>(x, weight, bias, add, out, rows, dim, count);
}

extern "C" __global__ void __launch_bounds__(32 * BATCH_WARPS, 2) batch_linear_16(
    const bf16* x, const bf16* weight, const bf16* bias, const bf16* add, bf16* out, int rows, int dim, int count) {
    batch_product<2>(x, weight, bias, add, out, rows, dim, count);
}

extern "C" __global__ void __launch_bounds__(32 * BATCH_WARPS, 1) batch_linear_32(
    const bf16* x, const bf16* weight, const bf16* bias, const bf16* add, bf16* out, int rows, int dim, int count) {
    batch_product<4>(x, weight, bias, add, out, rows, dim, count);
}

extern "C" __global__ void __launch_bounds__(32 * BATCH_WARPS, 2) batch_gate_up_8(
    const bf16* x, const bf16* weight, bf16* out, int rows, int dim, int count) {
    batch_gated<1>(x, weight, out, rows, dim, count);
}

extern "C" __global__ void __launch_bounds__(32 * BATCH_WARPS, 2) batch_gate_up_16(
    const bf16* x, const bf16* weight, bf16* out, int rows, int dim, int count) {
    batch_gated<2>(x, weight, out, rows, dim, count);
}

extern "C" __global__ void __launch_bounds__(32 * BATCH_WARPS, 1) batch_gate_up_32(
    const bf16* x, const bf16* weight, bf16* out, int rows, int dim, int count) {
    batch_gated<4>(x, weight, out, rows, dim, count);
}
