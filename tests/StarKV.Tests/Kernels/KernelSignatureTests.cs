using System.Reflection;
using StarKV.Kernels;
using static TorchSharp.torch;

namespace StarKV.Tests.Kernels;

/// <summary>
/// The launchers and the CUDA sources agree, on a machine without a card too: a launch with arguments in another order or of another width
/// would read and write memory that is not its own.
/// </summary>
public sealed class KernelSignatureTests
{
    private const BindingFlags Own = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Launchers => [.. KernelSources.Names.Skip(1)];

    [Fact]
    public void A_signature_is_read_as_it_is_written()
    {
        const string source = """
            #define WARPS 4
            extern "C" __global__ void __launch_bounds__(32 * WARPS, 2) some_kernel(
                const bf16* x, i64 stride, float eps, double decay, const Session* sessions,
                int rows) {
            }
            extern "C" __global__ void other(float* out) {
            }
            """;
        var (some, other) = (SourceKernel.In(source)[0], SourceKernel.In(source)[1]);
        Assert.Equal("some_kernel: Pointer x, Long stride, Float eps, Double decay, Pointer sessions, Int rows", Text(some));
        Assert.Equal("other: Pointer out", Text(other));
        Assert.Equal((128, null), (some.Threads, other.Threads));

        static string Text(SourceKernel kernel) =>
            $"{kernel.Name}: {string.Join(", ", kernel.Parameters.Select(p => $"{p.Type} {p.Name}"))}";
    }

    [Fact]
    public void The_sources_have_all_their_kernels() =>
        Assert.Equal(37, KernelSources.Names.Sum(n => SourceKernel.In(KernelSources.Read(n)).Count));

    [Theory]
    [MemberData(nameof(Launchers))]
    public void A_launcher_declares_the_kernels_of_its_source(string launcher)
    {
        var declared = Launcher(launcher).GetFields(Own).Where(f => f.FieldType == typeof(Kernel)).Select(f => (Kernel)f.GetValue(null)!);
        Assert.Equal(
            Lines(SourceKernel.In(KernelSources.Read(launcher)).Select(k => (k.Name, k.Parameters.Select(p => p.Type)))),
            Lines(declared.Select(k => (k.Name, k.Parameters.AsEnumerable()))));

        static string Lines(IEnumerable<(string Name, IEnumerable<ParameterType> Parameters)> kernels) => string.Join(
            '\n', kernels.Select(k => $"{k.Name}({string.Join(", ", k.Parameters)})").Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Calls every method of a launcher with numbers that are all different; each must arrive where the source has a parameter of its name.
    /// </summary>
    [Theory]
    [MemberData(nameof(Launchers))]
    public void Every_argument_arrives_as_the_parameter_of_its_name(string launcher) => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        var kernels = SourceKernel.In(KernelSources.Read(launcher));
        var launched = new HashSet<string>();
        foreach (var method in Launcher(launcher).GetMethods(Own).Where(m => m.IsPublic && m.ReturnType == typeof(void)))
        {
            foreach (var (dim, count, type) in new[] { (64, 5, ScalarType.BFloat16), (80, 12, ScalarType.BFloat16), (128, 30, ScalarType.Float32) })
            {
                if (Launch(method, dim, count, type) is not ({ } launch, { } expected))
                    continue;
                launched.Add(launch.Name);
                var kernel = Assert.Single(kernels, k => k.Name == launch.Name);
                Assert.Equal(
                    string.Join('\n', kernel.Parameters.Select(p => $"{p.Name}: {p.Type} {expected[p.Name].Bits:x}")),
                    string.Join('\n', kernel.Parameters.Zip(launch.Arguments, (p, a) => $"{p.Name}: {a.Type} {a.Bits:x}")));
                Assert.Equal(kernel.Threads ?? launch.Threads.X * launch.Threads.Y, launch.Threads.X * launch.Threads.Y * launch.Threads.Z);
                Assert.True(launch.Grid is { X: > 0, Y: > 0, Z: > 0 }, $"{launch.Name} has no blocks: {launch.Grid}.");
            }
        }

        Assert.Equal(kernels.Select(k => k.Name).Order(StringComparer.Ordinal), launched.Order(StringComparer.Ordinal));
    });

    [Fact]
    public void A_launch_with_arguments_of_other_widths_is_refused()
    {
        var (queue, kernel) = (new RecordedQueue(), new Kernel("some_kernel", ParameterType.Int, ParameterType.Long, ParameterType.Float));
        var kernels = new CudaKernels(queue);
        kernels.Launch(kernel, 1, 32, 0, 1, 2L, 3f);
        kernels.LaunchEarly(kernel, 1, 32, 0, 1, 2L, 3f);
        Assert.Equal([false, true], queue.Launches.Select(l => l.Early));
        var wider = Assert.Throws<InvalidOperationException>(() => kernels.Launch(kernel, 1, 32, 0, 1, 2, 3f));
        Assert.Equal("Argument 1 of kernel some_kernel must be Long, not Int.", wider.Message);
        Assert.Throws<InvalidOperationException>(() => kernels.Launch(kernel, 1, 32, 0, 1, 2L, 3d));
        Assert.Throws<InvalidOperationException>(() => kernels.LaunchEarly(kernel, 1, 32, 0, 1, 2L));
        Assert.Equal(2, queue.Launches.Count);
    }

    [Fact]
    public void Numbers_arrive_with_their_bytes()
    {
        Assert.Equal((ParameterType.Int, -3L), Of(-3));
        Assert.Equal((ParameterType.Long, 1L << 40), Of(1L << 40));
        Assert.Equal((ParameterType.Int, 1L), Of(true));
        Assert.Equal((ParameterType.Float, 0x3fc00000L), Of(1.5f));
        Assert.Equal((ParameterType.Double, 0x3ff8000000000000L), Of(1.5));
        Assert.Equal((ParameterType.Pointer, 0L), Of((Tensor?)null));

        static (ParameterType, long) Of(KernelArgument argument) => (argument.Type, argument.Bits);
    }

    [Fact]
    public void Products_take_as_many_blocks_as_run_at_a_time() => TorchThread.Run(() =>
    {
        using var scope = NewDisposeScope();
        var (queue, x) = (new RecordedQueue(), zeros(1));
        var kernels = new CudaKernels(queue);
        DecodeKernels.Linear(kernels, x, null, 0, x, null, null, x, rows: 100_000, dim: 64);
        DecodeKernels.GateUp(kernels, x, null, 0, x, x, rows: 80, dim: 64);
        Assert.Equal([264, 10], queue.Launches.Select(l => l.Grid.X));
        Assert.Contains("#define BLOCKS_EACH 2\n", KernelSources.Read(nameof(DecodeKernels)), StringComparison.Ordinal);
        Assert.Equal([1, 66, 3, 157], new[] { (1, 4), (100_000, 4), (129, 4), (10_000, 1) }.Select(Parts));

        int Parts((int Rows, int Heads) cut) => DecodeKernels.Parts(kernels, cut.Rows, cut.Heads);
    });

    private static Type Launcher(string launcher) => typeof(Kernel).Assembly.GetType($"StarKV.Kernels.{launcher}", throwOnError: true)!;

    /// <summary>Calls a method; null where it has no kernel for the head dimension.</summary>
    private static (RecordedLaunch Launch, Dictionary<string, KernelArgument> Expected)? Launch(
        MethodInfo method, int dim, int count, ScalarType type)
    {
        var (queue, expected, values) = (new RecordedQueue(), new Dictionary<string, KernelArgument>(), new List<object?>());
        foreach (var parameter in method.GetParameters())
        {
            var (name, number) = (InSource(parameter.Name!), values.Count);
            values.Add(Value(parameter.ParameterType));

            // In one conditional expression a number would be converted to a tensor.
            object Value(Type wanted)
            {
                if (wanted == typeof(CudaKernels))
                    return new CudaKernels(queue);
                if (wanted == typeof(HeadRows))
                    return Rows();
                if (wanted == typeof(Tensor))
                    return Put(zeros(1, type), v => v);
                if (wanted == typeof(int))
                    return Put(name == "dim" ? dim : name == "count" ? count : 1000 + number, v => v);
                if (wanted == typeof(long))
                    return Put(4_000_000L + number, v => v);
                if (wanted == typeof(float))
                    return Put(0.5f + number, v => v);
                if (wanted == typeof(double))
                    return Put(0.25 + number, v => v);
                return wanted == typeof(bool)
                    ? Put(true, v => v)
                    : throw new InvalidOperationException($"{method.Name} has a parameter of type {wanted}.");
            }

            T Put<T>(T value, Func<T, KernelArgument> argument)
            {
                expected[name] = argument(value);
                return value;
            }

            object Rows()
            {
                var rows = new HeadRows(zeros(1, type), 6_000_000 + number, 7_000_000 + number);
                var one = name.TrimEnd('s');
                (expected[name], expected[$"{one}_head"], expected[$"{one}_row"]) = (rows.Tensor, rows.Head, rows.Row);
                return rows;
            }
        }

        try
        {
            method.Invoke(null, [.. values]);
        }
        catch (TargetInvocationException e) when (e.InnerException is ArgumentOutOfRangeException { ParamName: "dim" })
        {
            return null;
        }

        return (Assert.Single(queue.Launches), expected);
    }

    /// <summary><c>rowsHead</c> as <c>rows_head</c>; a result is <c>out</c> there.</summary>
    private static string InSource(string name) =>
        name == "result" ? "out" : string.Concat(name.Select(c => char.IsAsciiLetterUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{c}"));
}
