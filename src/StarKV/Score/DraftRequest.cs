using StarKV.Budget;

namespace StarKV.Score;

/// <summary>The draft that a method wants to look at: who chooses the cache that it is written on, and how long it is.</summary>
/// <param name="Method">Chooses the draft's cache. It asks for no draft itself, and sees no branches.</param>
/// <param name="Tokens">Tokens at most, 1 or more; an answer that may not be as long has a shorter draft.</param>
public sealed record DraftRequest(ICompressionMethod Method, int Tokens)
{
    /// <value>Chooses the draft's cache.</value>
    /// <exception cref="StarKvException">It asks for a draft itself.</exception>
    public ICompressionMethod Method { get; init; } = (Method ?? throw new ArgumentNullException(nameof(Method))).Draft is null
        ? Method
        : throw new StarKvException($"A draft cannot be written on a cache of {Method.Name}, which asks for a draft itself.");

    /// <value>Tokens at most.</value>
    /// <exception cref="StarKvException">There are none.</exception>
    public int Tokens { get; init; } = Tokens >= 1
        ? Tokens
        : throw new StarKvException($"A draft of {Tokens} tokens was asked for; it must have 1 or more.");

    /// <value>What the draft's cache keeps; null (default) as much as the cache that is chosen after it.</value>
    public KvBudget? Budget { get; init; }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{ListText.Count(Tokens, "token")} on {Method.Name}, keep {Budget?.ToString() ?? "as the cache"}";

    /// <summary>The draft on a cache whose method stands in a wrapper.</summary>
    internal DraftRequest Within(Func<ICompressionMethod, ICompressionMethod> wrapper) => this with { Method = wrapper(Method) };
}
