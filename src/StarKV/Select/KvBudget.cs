using System.Globalization;

namespace StarKV.Select;

/// <summary>How much of a prompt's cache is kept, in every layer, the observation window included.</summary>
/// <remarks>There is no budget by default: <c>default(KvBudget)</c> says nothing, and using it is an error.</remarks>
public readonly record struct KvBudget
{
    /// <summary>Fewest rows a layer keeps: one of the past and one of the window.</summary>
    public const int MinTokens = 2;

    private readonly double _share;
    private readonly int _tokens;

    private KvBudget(double share, int tokens) => (_share, _tokens) = (share, tokens);

    /// <summary>Keeps everything.</summary>
    public static KvBudget All { get; } = new(1, 0);

    /// <summary>Keeps a share of the prompt's tokens.</summary>
    /// <param name="share">Above 0, at most 1: <c>Keep(0.20)</c> keeps 20 %.</param>
    /// <exception cref="StarKvException">The share lies outside.</exception>
    public static KvBudget Keep(double share) => share is > 0 and <= 1
        ? new KvBudget(share, 0)
        : throw new StarKvException($"keep is {(share * 100).ToString("0.##", CultureInfo.InvariantCulture)} %; it must be above 0 % and at most 100 %. It says what is kept, not what is dropped.");

    /// <summary>Keeps a number of tokens, whatever the prompt's length.</summary>
    /// <param name="count">At least <see cref="MinTokens"/>.</param>
    /// <exception cref="StarKvException">The count is smaller.</exception>
    public static KvBudget Tokens(int count) => count >= MinTokens
        ? new KvBudget(0, count)
        : throw new StarKvException($"keep is {count} tokens; at least {MinTokens} must be kept.");

    /// <summary>Reads <c>20%</c>, <c>0.2</c> (a share) or <c>512t</c> (tokens).</summary>
    /// <exception cref="StarKvException">The text is none of these, or out of bounds.</exception>
    public static KvBudget Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.EndsWith('t') && int.TryParse(trimmed.AsSpan(0, trimmed.Length - 1), NumberStyles.Integer, CultureInfo.InvariantCulture, out var count))
            return Tokens(count);
        var percent = trimmed.EndsWith('%');
        if (double.TryParse(percent ? trimmed[..^1] : trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
            return Keep(percent ? value / 100 : value);
        throw new StarKvException($"keep '{text}' is not a budget; write a share such as 20% or 0.2, or a number of tokens such as 512t.");
    }

    /// <summary>Rows to keep of a prompt of <paramref name="length"/> tokens: C = ⌊L·b⌋, at least <see cref="MinTokens"/>, at most L.</summary>
    /// <exception cref="StarKvException">The budget is <c>default(KvBudget)</c>.</exception>
    public int Capacity(int length)
    {
        ThrowIfUnset();
        // The small addition undoes binary rounding: 29 % of 100 is 29, though 0.29·100 is stored as 28.999….
        var wanted = _tokens > 0 ? _tokens : (int)Math.Floor(length * _share + 1e-9);
        return Math.Min(length, Math.Max(MinTokens, wanted));
    }

    /// <summary>Refuses the budget that nobody has set.</summary>
    internal void ThrowIfUnset()
    {
        if (this == default)
            throw new StarKvException("keep was never set: default(KvBudget) is no budget. Say KvBudget.Keep(0.20), KvBudget.Tokens(512) or KvBudget.All.");
    }

    /// <summary>The budget as it is written on the command line; <c>unset</c> for <c>default(KvBudget)</c>.</summary>
    public override string ToString() => this == default ? "unset"
        : _tokens > 0 ? $"{_tokens}t"
        : (_share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
