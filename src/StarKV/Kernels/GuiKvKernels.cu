// GUI-KV's temporal redundancy, after Numbers.cu and SelectKernels.cu, whose for_largest it uses.
// H query heads, G key/value heads, n = H / G, W window queries, L tokens, P = L - W past tokens, d head dimension. Queries, keys, values and
// inputs are bfloat16 with contiguous last dimensions; the other strides are given in elements. Needs compute capability 8.0.

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

// Sets the scores [G, P] of the drop tokens with the smallest distances [G, count] to 0. One block a head, 1,024 threads.
extern "C" __global__ void __launch_bounds__(1024) zero_nearest(const float* distances, const i64* tokens, int count, int drop, float* scores, int past) {
    const float* from = distances + (i64)blockIdx.x * count;
    float* to = scores + (i64)blockIdx.x * past;
    for_largest(count, drop, [=](int i) { return ~ascending(from[i]); }, [=](int, int index) { to[tokens[index]] = 0; });
}
