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
    public void Dispose()
    {
        Information?.Dispose();
        Pattern?.Dispose();
        Temperature?.Dispose();
    }
}
