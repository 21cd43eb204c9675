using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>What <see cref="StarKv"/> remembers of one layer between prefills.</summary>
/// <remarks>Not thread-safe: it belongs to the <see cref="LayerMemory"/> that holds it.</remarks>
[Experimental("STARKV001")]
public sealed class StarKvState : ILayerState
{
    /// <summary>Prefills seen.</summary>
    internal int Prefills { get; set; }

    /// <summary>Moving average of each group's mutual information, [G]; null before the first screenshot.</summary>
    internal Tensor? Information { get; set; }

    /// <summary>Moving average of each group's attention pattern on the last screenshot, [G, tokens].</summary>
    internal Tensor? Pattern { get; set; }

    /// <summary>The last entropy temperature.</summary>
    internal Tensor? Temperature { get; set; }

    /// <summary>Takes a tensor out of the open dispose scope to outlive the prefill, and frees the one it replaces.</summary>
    internal static Tensor Keep(Tensor next, Tensor? replaced = null)
    {
        var kept = next.alias().DetachFromDisposeScope();
        replaced?.Dispose();
        return kept;
    }

    /// <inheritdoc/>
    public ILayerState Copy()
    {
        using var scope = NewDisposeScope();
        // The numbers themselves: kernels write over them where they lie.
        var copy = new StarKvState
        {
            Prefills = Prefills,
            Information = Information?.clone(),
            Pattern = Pattern?.clone(),
            Temperature = Temperature?.clone(),
        };
        // Only now: of a copy that could not be made, for lack of memory, nothing may stay.
        foreach (var tensor in new[] { copy.Information, copy.Pattern, copy.Temperature })
            tensor?.DetachFromDisposeScope();
        return copy;
    }

    /// <inheritdoc/>
    public bool Save(LayerStateContent content)
    {
        content.Put("prefills", Prefills);
        content.Put("information", Information);
        content.Put("pattern", Pattern);
        content.Put("temperature", Temperature);
        return true;
    }

    /// <inheritdoc/>
    public void Load(LayerStateContent content)
    {
        Prefills = (int)content.Number("prefills", 0, int.MaxValue - 1);
        // Kernels rely on these shapes.
        Information = Kept(content.Take("information", ScalarType.Float64, content.KvHeads));
        Pattern = Kept(content.Take("pattern", ScalarType.Float32, content.KvHeads, -1));
        var temperature = content.Take("temperature", ScalarType.Float32, -1, 1);
        if (temperature is not null && temperature.shape[0] != 1 && temperature.shape[0] != content.Heads)
            throw new StarKvException($"there are {temperature.shape[0]} temperatures; one is expected, or {content.Heads}.");
        Temperature = Kept(temperature);

        static Tensor? Kept(Tensor? tensor) => tensor is null ? null : Keep(tensor.clone());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Information?.Dispose();
        Pattern?.Dispose();
        Temperature?.Dispose();
    }
}
