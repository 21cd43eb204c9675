using System.Globalization;

namespace StarKV.Budget;

/// <summary>How much of a prompt's cache is kept, in every layer, the observation window included.</summary>
/// <remarks>There is no budget by default: <c>default(KvBudget)</c> is unset, and using it is an error.</remarks>
public readonly record struct KvBudget
{
    /// <summary>Minimum of rows that a layer keeps: one of the past and one of the window.</summary>
    public const int MinTokens = 2;

    private readonly double _share;
    private readonly int _tokens;

    private KvBudget(double share, int tokens) => (_share, _tokens) = (share, tokens);

    /// <summary>Keeps everything.</summary>
    public static KvBudget All { get; } = new(1, 0);

    /// <summary>Keeps a share of the prompt's tokens.</summary>
    /// <param name="share">Above 0, at most 1: <c>Keep(0.20)</c> keeps 20 %.</param>
    /// <exception cref="StarKvException">The share is outside these bounds.</exception>
    public static KvBudget Keep(double share) => share is > 0 and <= 1
        ? new KvBudget(share, 0)
        : throw new StarKvException(
            $"keep is {(share * 100).ToString("0.##", CultureInfo.InvariantCulture)} %; it "
                + $"must be above 0 % and at most 100 %. It says what is kept, not what is dropped.");

    /// <summary>Keeps a number of tokens, whatever the prompt's length.</summary>
    /// <param name="count">At least <see cref="MinTokens"/>.</param>
    /// <exception cref="StarKvException">The count is smaller.</exception>
    public static KvBudget Tokens(int count) => count >= MinTokens
        ? new KvBudget(0, count)
        : throw new StarKvException($"keep is {count} tokens; at least {MinTokens} must be kept.");

    /// <summary>
    /// Reads <c>20%</c> or <c>20</c> (percent), <c>0.2</c> (a share) or <c>512t</c>
    /// (tokens). A bare number below 1 is a share, one above 1 is percent.
    /// </summary>
    /// <exception cref="StarKvException">
    /// The text is none of these, or out of bounds, or <c>1</c>, which may mean 1 % or everything.
    /// </exception>
    public static KvBudget Parse(string text) => Read(text, amongPercent: false);

    /// <summary>
    /// Reads budgets separated by commas, each as <see cref="Parse"/> does;
    /// <c>1</c> is 1 % in a list with a bare number above 1, as in <c>1,3,5</c>.
    /// </summary>
    /// <param name="list">The list; blanks round a budget and empty places do not count.</param>
    /// <returns>The budgets in their order; none for an empty list.</returns>
    /// <inheritdoc cref="Parse"/>
    public static IReadOnlyList<KvBudget> ParseList(string list)
    {
        var texts = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var percent = texts.Any(t => Number(t) > 1);
        return [.. texts.Select(t => Read(t, percent))];
    }

    private static KvBudget Read(string text, bool amongPercent)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.EndsWith('t')
            && int.TryParse(trimmed.AsSpan(0, trimmed.Length - 1), NumberStyles.Integer, CultureInfo.InvariantCulture, out var count))
            return Tokens(count);
        if (trimmed.EndsWith('%') && Number(trimmed[..^1]) is { } percent)
            return Keep(percent / 100);
        return Number(trimmed) switch
        {
            1 when !amongPercent => throw new StarKvException($"keep '{text}' may mean 1 % or everything; write 1% or 100%."),
            > 100 =>
                throw new StarKvException(
                    $"keep '{text}' is more than 100 %; it must be above 0 % and at most 100 %. For a number of tokens write {trimmed}t."),
            >= 1 and var number => Keep(number / 100),
            { } share => Keep(share),
            null =>
                throw new StarKvException(
                    $"keep '{text}' is not a budget; write a share such as 20% or 0.2, or a number of tokens such as 512t."),
        };
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>The budget as <see cref="Parse"/> reads it, in every digit.</summary>
    internal string Written => _tokens > 0 ? ToString()
        : _share == 1 ? "100%"
        : _share.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>
    /// Rows to keep of a prompt of <paramref name="length"/> tokens: C = ⌊L·b⌋, at least <see cref="MinTokens"/>, at most L.
    /// </summary>
    /// <exception cref="StarKvException">The budget is <c>default(KvBudget)</c>.</exception>
    public int Capacity(int length)
    {
        ThrowIfUnset();
        // The small addition undoes binary rounding: 29 % of 100 is 29, though 0.29·100 is stored as 28.999….
        var wanted = _tokens > 0 ? _tokens : (int)Math.Floor(length * _share + 1e-9);
        return Math.Min(length, Math.Max(MinTokens, wanted));
    }

    /// <summary>Refuses a budget that was never set.</summary>
    internal void ThrowIfUnset()
    {
        if (this == default)
            throw new StarKvException(
                "keep was never set: default(KvBudget) is no budget. Say KvBudget.Keep(0.20), KvBudget.Tokens(512) or KvBudget.All.");
    }

    /// <summary>The budget as it is written on the command line; <c>unset</c> for <c>default(KvBudget)</c>.</summary>
    public override string ToString() => this == default ? "unset"
        : _tokens > 0 ? $"{_tokens}t"
        : (_share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
