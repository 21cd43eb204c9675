using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Runtime;

/// <summary>TorchScript sources that lie in assemblies, compiled together at their first use, and calls into them.</summary>
/// <param name="sources">Names of resources, each with a type of its assembly.</param>
[Experimental("STARKV001")]
public sealed class ScriptUnit(params (string Resource, Type Owner)[] sources)
{
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
    internal void Compile() => _ = _unit.Value;

    /// <summary>Calls a function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Tensors, numbers and booleans.</param>
    public object Invoke(string name, params object[] arguments)
    {
        var result = _unit.Value.invoke(name, arguments);
        // Tensors that no scope holds live until the call is over.
        GC.KeepAlive(arguments);
        return result;
    }
}
