using System.Globalization;

namespace StarKV.Fuzz.Run;

/// <summary>Names an input, so that it can be made again: <c>TARGET:SEED:ITERATION</c>, and behind a further colon the earlier inputs of its round that do not come back.</summary>
/// <param name="Target">The target.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Iteration">The input's number among all of the target.</param>
/// <param name="Skip">Inputs of the round that were not run.</param>
internal sealed record InputNumber(string Target, ulong Seed, long Iteration, IReadOnlyList<long> Skip)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It has another form.</exception>
    public static InputNumber Parse(string text) => text.Split(':') is [var target, var seed, var iteration, .. { Length: <= 1 } skip]
        ? new InputNumber(target, ulong.Parse(seed, CultureInfo.InvariantCulture), Number(iteration), [.. skip.SelectMany(s => s.Split(',')).Select(Number)])
        : throw new FormatException($"'{text}' is not of the form TARGET:SEED:ITERATION.");

    /// <inheritdoc/>
    public override string ToString() => $"{Target}:{Seed}:{Iteration}{(Skip.Count > 0 ? ":" : "")}{string.Join(',', Skip)}";

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
