using StarKV.Budget;
using StarKV.Score;
using StarKV.Text;

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

    /// <value>
    /// Token ids of the texts that the method wants to see read after the prompt, <see cref="ICompressionMethod.Branches"/>. Null (default)
    /// until <see cref="For"/> has found them.
    /// </value>
    public IReadOnlyList<IReadOnlyList<int>>? Branches { get; init; }

    /// <summary>The compression with the token ids of its method's branches.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="answers">How answers to the prompt are laid out.</param>
    public Compression For(QwenTokenizer tokenizer, AnswerStyle answers)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return this with { Branches = [.. Method.Branches(answers).Select(text => tokenizer.Encode(text)).Where(ids => ids.Length > 0)] };
    }

    /// <summary>The branches of a reading.</summary>
    /// <exception cref="StarKvException">The method has branches, and nobody has found their tokens.</exception>
    internal IReadOnlyList<IReadOnlyList<int>> BranchesToRead => Branches
        ?? (Method.Branches(default).Count == 0
            ? []
            : throw new StarKvException(
                $"{Name} looks at texts that are read after the prompt; give their token ids, as Compression.For finds them."));

    /// <summary>Last queries of a prompt that the method, or that of its draft's cache, looks at.</summary>
    internal int WindowOf(TokenMap prompt) => Math.Max(Method.Window(prompt), Method.Draft?.Method.Window(prompt) ?? 0);

    /// <summary>True when nothing is dropped, whatever the budget.</summary>
    public bool KeepsEverything => Method.LayerBudget.DropsNothing;

    /// <summary>The method and the budget, as users write them.</summary>
    public override string ToString() => KeepsEverything ? Name : $"{Name}, keep {Budget}";
}
