using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace StarKV.Runtime;

/// <summary>TorchScript sources that lie in assemblies, compiled together at their first use, and calls into them.</summary>
/// <param name="sources">Names of resources, each with a type of its assembly.</param>
internal sealed class ScriptUnit(params (string Resource, Type Owner)[] sources)
{
    /// <summary>
    /// TorchSharp hands a number over as a native scalar behind an object that nothing holds: a garbage collection at the wrong moment frees it before the
    /// call has read it. These live as long as the process; calls use few different numbers.
    /// </summary>
    private static readonly ConcurrentDictionary<double, Scalar> s_numbers = new();

    // The unit lives as long as the process: it must not belong to whatever scope is open now.
    private readonly Lazy<jit.CompilationUnit> _unit = new(() =>
    {
        LibTorch.Load();
        return jit.compile(string.Concat(sources.Select(Read)));
    });

    private static string Read((string Resource, Type Owner) source)
    {
        using var stream = source.Owner.Assembly.GetManifestResourceStream(source.Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Compiles now rather than at the first call.</summary>
    public void Compile() => _ = _unit.Value;

    /// <summary>Calls a function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Tensors, numbers and booleans; numbers are replaced in the array.</param>
    public object Invoke(string name, params object[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
            if (arguments[i] is double number)
                arguments[i] = s_numbers.GetOrAdd(number, n => n.ToScalar());
        var result = _unit.Value.invoke(name, arguments);
        GC.KeepAlive(arguments);
        return result;
    }
}
