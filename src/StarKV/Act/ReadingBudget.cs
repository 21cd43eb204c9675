using System.Diagnostics.CodeAnalysis;

namespace StarKV.Act;

/// <summary>
/// How many characters the readers of one text may look at. They try one reading after another; this keeps them in linear time.
/// </summary>
/// <remarks>Not thread-safe: one object serves one text.</remarks>
[Experimental("STARKV001")]
public sealed class ReadingBudget
{
    /// <summary>How often a character may be looked at on average. A well-formed call is read once or twice.</summary>
    private const int TimesEach = 64;

    private long _left;

    private ReadingBudget(long characters) => _left = characters;

    /// <summary>The budget of a text of this length.</summary>
    public static ReadingBudget For(int length) => new(TimesEach * (length + 64L));

    /// <summary>Counts characters that were looked at.</summary>
    /// <exception cref="TangledTextException">There were too many.</exception>
    public void Spend(int characters)
    {
        _left -= characters;
        if (_left < 0) throw new TangledTextException();
    }
}
