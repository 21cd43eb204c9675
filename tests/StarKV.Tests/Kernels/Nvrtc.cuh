// What NVIDIA's run-time compiler knows without any header, as far as the kernels use it: what is missing here is missing there, INFINITY for one.
#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
#define __shared__ __attribute__((shared))
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
#define __align__(n) __attribute__((aligned(n)))

struct uint2 { unsigned x, y; };
struct uint3 { unsigned x, y, z; };
struct __align__(16) uint4 { unsigned x, y, z, w; };
struct float2 { float x, y; };
struct __align__(16) float4 { float x, y, z, w; };

extern __device__ const uint3 threadIdx, blockIdx, blockDim, gridDim;

__device__ void __syncthreads();
__device__ unsigned __ballot_sync(unsigned mask, int predicate);
__device__ unsigned __reduce_add_sync(unsigned mask, unsigned value);
__device__ int __reduce_add_sync(unsigned mask, int value);
template <typename T> __device__ T __shfl_xor_sync(unsigned mask, T value, int lanes);
template <typename T> __device__ T __ldg(const T* from);
__device__ int __popc(unsigned value);
__device__ unsigned __byte_perm(unsigned x, unsigned y, unsigned selector);
__device__ float __uint_as_float(unsigned bits);
__device__ float __int_as_float(int bits);
__device__ unsigned __float_as_uint(float value);
__device__ int atomicAdd(int* at, int value);
__device__ unsigned atomicAdd(unsigned* at, unsigned value);
__device__ float atomicAdd(float* at, float value);
__device__ double atomicAdd(double* at, double value);

__device__ float fmaxf(float a, float b);
__device__ float fminf(float a, float b);
__device__ float expf(float x);
__device__ float logf(float x);
__device__ float powf(float x, float y);
__device__ float sqrtf(float x);
__device__ float rsqrtf(float x);
__device__ double fmin(double a, double b);
__device__ double fmax(double a, double b);
__device__ double exp(double x);
__device__ double log(double x);
__device__ int min(int a, int b);
__device__ unsigned min(unsigned a, unsigned b);
__device__ long long min(long long a, long long b);
__device__ int max(int a, int b);
