using StarKV.Budget;
using StarKV.Score;

namespace StarKV.Compact;

/// <summary>How a prompt's cache is compressed.</summary>
/// <param name="Method">Which tokens stay.</param>
/// <param name="Budget">How many.</param>
public sealed record Compression(ICompressionMethod Method, KvBudget Budget)
{
    /// <summary>No compression.</summary>
    public static Compression None { get; } = new(new Full(), KvBudget.All);

    /// <value>Which tokens stay.</value>
    public ICompressionMethod Method { get; init; } = Method ?? throw new ArgumentNullException(nameof(Method));

    /// <value>What the method remembers of earlier prefills of the session; updated. Null (default) starts afresh.</value>
    public LayerMemory? Memory { get; init; }

    /// <value>What reports call the method; default its name. Distinguishes two of the same method with different options.</value>
    public string Name { get; init; } = Method.Name;

    /// <summary>True when nothing is dropped, whatever the budget.</summary>
    public bool KeepsEverything => Method.LayerBudget.DropsNothing;

    /// <summary>The method and the budget, as users write them.</summary>
    public override string ToString() => KeepsEverything ? Name : $"{Name}, keep {Budget}";
}
