using System.Diagnostics.CodeAnalysis;

namespace StarKV;

/// <summary>Guesses what a mistyped name was meant to be.</summary>
[Experimental("STARKV001")]
public static class Nearest
{
    /// <summary>A sentence such as <c> Did you mean star-kv?</c>, to follow another one; empty when no name is near.</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="names">The names that there are.</param>
    public static string Hint(string word, IEnumerable<string> names) => Of(word, names) is { } name ? $" Did you mean {name}?" : "";

    /// <summary>
    /// The name that fewest changes make of <paramref name="word"/>, the first of several; null when it takes more than a third of the
    /// word's letters.
    /// </summary>
    /// <param name="word">What was typed; case does not count.</param>
    /// <param name="names">The names that there are.</param>
    public static string? Of(string word, IEnumerable<string> names)
    {
        // A word that only begins like a long name needs more changes than a third, and is meant all the same.
        var (typed, most) = (word.ToLowerInvariant(), Math.Max(1, word.Length / 3));
        var near = names.Select(name => (Name: name, Changes: Changes(typed, name.ToLowerInvariant()))).Where(n => n.Changes <= most)
            .OrderBy(n => n.Changes).FirstOrDefault();
        return near.Name
            ?? (typed.Length > 3 ? names.FirstOrDefault(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase)) : null);
    }

    /// <summary>Letters to insert, to drop, to replace or, two neighbours at a time, to swap.</summary>
    private static int Changes(string from, string to)
    {
        var table = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= to.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var change = table[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(change, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[from.Length, to.Length];
    }
}
