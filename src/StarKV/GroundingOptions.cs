using StarKV.Budget;
using StarKV.Compact;
using StarKV.Score;

namespace StarKV;

/// <summary>How an instruction is answered on one compressed cache.</summary>
public sealed record GroundingOptions : AnswerOptions
{
    /// <value>The compression method; default <see cref="StarKv"/> with its session preset.</value>
    public ICompressionMethod Method { get; init; } = new StarKv();

    /// <value>How much of the cache is kept; default 20 %.</value>
    public KvBudget Budget { get; init; } = KvBudget.Keep(0.20);

    /// <value>
    /// What the method remembers between steps; null (default) starts afresh. Pass the same object to every step of a session.
    /// </value>
    public LayerMemory? Memory { get; init; }

    /// <summary>The compression that these options ask for.</summary>
    public Compression Compression => new(Method, Budget) { Memory = Memory };

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Method.Name}, keep {Budget}, {base.ToString()}";
}
