using System.Text;

namespace StarKV.Fuzz.Run;

/// <summary>A message without what it quotes of the input: digits, quoted texts, paths.</summary>
internal static class ShapeText
{
    private const int MaxLength = 160;

    /// <summary>The message's own words.</summary>
    public static string Of(string message)
    {
        var shape = new StringBuilder(MaxLength);
        foreach (var word in message.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (shape.Length >= MaxLength)
                break;
            if (word.All(c => char.IsAsciiLetter(c) || c is '_' or '.' or ',' or ';' or ':'))
                shape.Append(word).Append(' ');
        }

        return shape.ToString();
    }
}
