using System.Text;
using StarKV.Fuzz.Run;
using StarKV.MiniGui;

namespace StarKV.Fuzz.Mutate;

/// <summary>Puts a word of the format in, or over what stands there.</summary>
/// <param name="words">The format's words.</param>
internal sealed class Words(params IReadOnlyList<string> words) : IMutation
{
    private readonly byte[][] _words = [.. words.Select(Encoding.UTF8.GetBytes)];

    /// <inheritdoc/>
    public byte[] Change(byte[] input, Corpus corpus, SeededRandom random)
    {
        var word = random.Pick(_words);
        var at = random.Below(input.Length + 1);
        return Edit.Replace(input, at, random.Chance(0.5) ? Math.Min(word.Length, input.Length - at) : 0, word);
    }
}
