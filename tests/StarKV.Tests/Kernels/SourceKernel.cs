using System.Globalization;
using System.Text.RegularExpressions;
using StarKV.Kernels;

namespace StarKV.Tests.Kernels;

/// <summary>A kernel as the CUDA sources declare it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Threads">Threads of a block that it is compiled for; null for any number.</param>
/// <param name="Parameters">Its parameters, in order.</param>
internal sealed partial record SourceKernel(string Name, int? Threads, IReadOnlyList<(ParameterType Type, string Name)> Parameters)
{
    /// <summary>The kernels of one source.</summary>
    public static IReadOnlyList<SourceKernel> In(string source)
    {
        var numbers = Number().Matches(source).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        return
        [
            .. Head().Matches(source).Select(m => new SourceKernel(
                m.Groups["name"].Value,
                m.Groups["bounds"].Success ? Product(m.Groups["bounds"].Value.Split(',')[0]) : null,
                [.. m.Groups["parameters"].Value.Split(',').Select(p => Parameter(p.Trim()))])),
        ];

        int Product(string text) => text.Split('*').Select(f => f.Trim()).Aggregate(1, (product, factor) =>
            product * int.Parse(numbers.GetValueOrDefault(factor, factor), CultureInfo.InvariantCulture));
    }

    private static (ParameterType Type, string Name) Parameter(string declaration)
    {
        var name = declaration.Split(' ')[^1];
        return declaration[..^name.Length].Trim() switch
        {
            var type when type.EndsWith('*') => (ParameterType.Pointer, name),
            "int" => (ParameterType.Int, name),
            "i64" => (ParameterType.Long, name),
            "float" => (ParameterType.Float, name),
            "double" => (ParameterType.Double, name),
            var type => throw new InvalidDataException($"The type '{type}' of a kernel's parameter '{name}' is unknown."),
        };
    }

    [GeneratedRegex(
        @"extern ""C"" __global__ void (__launch_bounds__\((?<bounds>[^()]+)\) )?(?<name>\w+)\((?<parameters>[^()]+)\) \{",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Head();

    [GeneratedRegex(@"^#define (\w+) (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Number();
}
