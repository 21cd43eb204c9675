using StarKV.Kernels;

namespace StarKV.Tests.Kernels;

/// <summary>
/// The kernels are compiled on the card's machine, and where they do not compile, plain operations silently do their work: a typing error
/// costs a quarter of the speed and nothing else. So they are read by a compiler here, too.
/// </summary>
public sealed class KernelsCompileTests
{
    [Fact]
    public void The_kernels_compile() => Assert.Equal("", string.Join('\n', CudaSyntax.Errors(KernelSources.All)));

    [Fact]
    public void Infinity_is_no_name_that_the_run_time_compiler_knows()
    {
        var error = Assert.Single(CudaSyntax.Errors("__device__ float most() {\n    return -INFINITY;\n}\n"));
        Assert.Equal("kernels.cu:2:13: error: use of undeclared identifier 'INFINITY'", error);
    }

    [Fact]
    public void A_call_with_an_argument_too_few_is_an_error() =>
        Assert.Contains("no matching function", Assert.Single(CudaSyntax.Errors("__global__ void k(float* x) { x[0] = fmaxf(x[0]); }")), StringComparison.Ordinal);
}
