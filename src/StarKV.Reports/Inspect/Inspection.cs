using StarKV.Account;
using StarKV.Compact;
using StarKV.Input;
using StarKV.Text;

namespace StarKV.Reports.Inspect;

/// <summary>One prompt, read once and compressed in several ways, side by side.</summary>
public sealed record Inspection
{
    /// <value>The screenshots, oldest first.</value>
    public required IReadOnlyList<Screenshot> Screens { get; init; }

    /// <value>What was asked.</value>
    public required string Instruction { get; init; }

    /// <value>The prompt, token by token.</value>
    public required TokenMap Prompt { get; init; }

    /// <value>Where the right answer lies on the last screenshot, in its pixels; null when unknown.</value>
    public required PixelBox? Target { get; init; }

    /// <value>True when every method holds the same bytes, not the same number of tokens.</value>
    public required bool MatchedBytes { get; init; }

    /// <value>One cache for each compression that gave one, in the order asked for; at least one.</value>
    public required IReadOnlyList<InspectedCache> Caches { get; init; }

    /// <value>The compressions that gave no cache, in the order asked for; default none.</value>
    public IReadOnlyList<FailedCache> Failed { get; init; } = [];

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"\"{Instruction}\": {ListText.Of([.. Caches.Select(c => c.Compression)])}";
}

/// <summary>One compression that gave no cache.</summary>
/// <param name="Compression">Method and budget as asked for.</param>
/// <param name="Error">Why, such as a budget that does not hold what the method must keep.</param>
public sealed record FailedCache(Compression Compression, StarKvException Error);

/// <summary>One compression, the cache it left and the answer written from it.</summary>
/// <param name="Compression">Method and budget as asked for.</param>
/// <param name="Kept">Which tokens the cache held when the prompt had been read.</param>
/// <param name="Answer">
/// The answer, the bytes held and the times; the prefill's time is that of all compressions together, the selection's its own.
/// </param>
public sealed record InspectedCache(Compression Compression, KeptTokens Kept, GroundingAnswer Answer)
{
    /// <value>What is left of the target; null when it is unknown.</value>
    public TargetSurvival? Survival { get; init; }

    /// <value>Whether the answer points inside the target; null when it is unknown.</value>
    public bool? PointsInside { get; init; }
}
