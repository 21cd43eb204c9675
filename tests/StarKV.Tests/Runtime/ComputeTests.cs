using StarKV.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace StarKV.Tests.Runtime;

public sealed class ComputeTests
{
    [Fact]
    public void The_cpu_computes_in_float32()
    {
        var compute = Compute.Choose("cpu");
        Assert.Equal((DeviceType.CPU, ScalarType.Float32, 4, false), (compute.Device.type, compute.DType, compute.ElementSize, compute.IsCuda));
        compute.Synchronize();
    }

    [Theory]
    [InlineData("auto", ScalarType.Float32)]
    [InlineData("float32", ScalarType.Float32)]
    [InlineData("bfloat16", ScalarType.BFloat16)]
    public void The_number_type_may_be_chosen(string name, ScalarType type) => Assert.Equal(type, Compute.Choose("cpu", name).DType);

    [Theory]
    [InlineData("float16")]
    [InlineData("bf16")]
    [InlineData("")]
    public void An_unknown_number_type_lists_the_known_ones(string name)
    {
        var error = Assert.Throws<StarKvException>(() => Compute.Choose("cpu", name));
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("auto, float32 or bfloat16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_takes_what_is_there()
    {
        var compute = Compute.Choose();
        Assert.Equal(LibTorch.Load().HasCuda && cuda.is_available(), compute.IsCuda);
        Assert.Equal(compute.IsCuda ? ScalarType.BFloat16 : ScalarType.Float32, compute.DType);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("")]
    [InlineData("CPU")]
    [InlineData("cud")]
    [InlineData("mps")]
    public void An_unknown_name_lists_the_known_ones(string name)
    {
        var error = Assert.Throws<StarKvException>(() => Compute.Choose(name));
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("auto, cpu, cuda or cuda:n", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda:0")]
    [InlineData("cuda:99")]
    public void A_card_needs_a_cuda_build(string name)
    {
        Assert.SkipWhen(LibTorch.Load().HasCuda, "This libtorch is a CUDA build.");
        var error = Assert.Throws<StarKvException>(() => Compute.Choose(name));
        Assert.Contains(LibTorch.FolderVariable, error.Message, StringComparison.Ordinal);
        Assert.Contains("--device cpu", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 4)]
    [InlineData(ScalarType.Float64, 8)]
    [InlineData(ScalarType.BFloat16, 2)]
    public void Element_sizes(ScalarType type, int size) => Assert.Equal(size, new Compute(CPU, type).ElementSize);
}
