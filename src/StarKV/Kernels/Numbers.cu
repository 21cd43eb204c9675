// What all kernels share: bfloat16 numbers, sums over warps and blocks, products of small matrices. The first of the files that are compiled together.

typedef unsigned short bf16;
typedef long long i64;

#define FULL 0xffffffffu
#define INFINITE __int_as_float(0x7f800000)

__device__ __forceinline__ float to_float(bf16 v) { return __uint_as_float((unsigned)v << 16); }

// To nearest even.
__device__ __forceinline__ bf16 to_bf16(float v) {
    unsigned bits = __float_as_uint(v);
    return (bf16)((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

// To bfloat16 and back.
__device__ __forceinline__ float rounded(float v) { return to_float(to_bf16(v)); }

template <typename T>
__device__ __forceinline__ T warp_sum(T v) {
#pragma unroll
    for (int i = 16; i > 0; i /= 2) v += __shfl_xor_sync(FULL, v, i);
    return v;
}

__device__ __forceinline__ float warp_max(float v) {
#pragma unroll
    for (int i = 16; i > 0; i /= 2) v = fmaxf(v, __shfl_xor_sync(FULL, v, i));
    return v;
}

// The sum over the block, the same in every thread. All threads must call it; the block has whole warps.
template <typename T>
__device__ T block_sum(T v) {
    __shared__ T parts[32];
    v = warp_sum(v);
    __syncthreads();
    if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = v;
    __syncthreads();
    return warp_sum(threadIdx.x % 32 < blockDim.x / 32 ? parts[threadIdx.x % 32] : T(0));
}

__device__ float block_max(float v) {
    __shared__ float parts[32];
    v = warp_max(v);
    __syncthreads();
    if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = v;
    __syncthreads();
    return warp_max(threadIdx.x % 32 < blockDim.x / 32 ? parts[threadIdx.x % 32] : -INFINITE);
}

__device__ __forceinline__ float low(unsigned v) { return __uint_as_float(v << 16); }

__device__ __forceinline__ float high(unsigned v) { return __uint_as_float(v & 0xffff0000u); }

__device__ __forceinline__ unsigned packed(float lower, float upper) { return (unsigned)to_bf16(lower) | (unsigned)to_bf16(upper) << 16; }

__device__ __forceinline__ unsigned word(uint4 v, int i) { return i == 0 ? v.x : i == 1 ? v.y : i == 2 ? v.z : v.w; }

// Number i of the eight of two rows, side by side.
__device__ __forceinline__ unsigned paired(uint4 a, uint4 b, int i) { return __byte_perm(word(a, i / 2), word(b, i / 2), i % 2 ? 0x7632 : 0x5410); }

// Eight products of bfloat16 numbers, summed.
__device__ __forceinline__ float dot8(uint4 a, uint4 b) {
    return low(a.x) * low(b.x) + high(a.x) * high(b.x) + low(a.y) * low(b.y) + high(a.y) * high(b.y)
         + low(a.z) * low(b.z) + high(a.z) * high(b.z) + low(a.w) * low(b.w) + high(a.w) * high(b.w);
}

// A rotated number, of it and the one that changes places with it. Tables in bfloat16 round the first product, tables in float32 do not.
__device__ __forceinline__ float turned(float x, float cosine, float other, float sine, const bf16*) { return rounded(x * cosine) + other * sine; }
__device__ __forceinline__ float turned(float x, float cosine, float other, float sine, const float*) { return x * cosine + other * sine; }

// The gated product of an MLP, rounded between its two steps as the plain operations round it.
__device__ __forceinline__ float gated(float gate, float up) { return rounded(gate / (1.0f + expf(-gate))) * up; }

// Two numbers of a norm's output.
__device__ __forceinline__ unsigned scaled(unsigned v, unsigned weight, float scale) {
    return packed(low(v) * scale * low(weight), high(v) * scale * high(weight));
}

// sums += A x B of 16 x 16 and 16 x 8 bfloat16 numbers, spread over a warp as the instruction wants them.
__device__ __forceinline__ void add_product(float* sums, unsigned a0, unsigned a1, unsigned a2, unsigned a3, unsigned b0, unsigned b1) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
                 : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}
