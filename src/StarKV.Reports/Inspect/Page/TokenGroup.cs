using StarKV.Text;

namespace StarKV.Reports.Inspect.Page;

/// <summary>Prompt tokens that are counted together: a kind of text, or one screenshot.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Css">Its class in the style sheet.</param>
/// <param name="Tokens">The tokens.</param>
internal sealed record TokenGroup(string Name, string Css, IReadOnlyList<int> Tokens)
{
    /// <summary>What a class is called.</summary>
    public static string NameOf(TokenClass kind) => kind switch
    {
        TokenClass.System => "system",
        TokenClass.User => "user text",
        TokenClass.Vision => "vision",
        _ => "assistant",
    };

    /// <summary>
    /// The groups of a prompt, in the order in which they first appear in most prompts; those without tokens are left out.
    /// </summary>
    public static IReadOnlyList<TokenGroup> Of(TokenMap prompt)
    {
        var frames = prompt.Frames.Select((f, i) => new TokenGroup(
            prompt.Frames.Count == 1 ? "vision" : $"frame {i + 1}",
            i == prompt.Frames.Count - 1 ? "frame-now" : i % 2 == 0 ? "frame-even" : "frame-odd",
            [.. Enumerable.Range(f.Start, f.Length)]));
        return [.. new[] { Text(TokenClass.System, "system"), Text(TokenClass.User, "user") }.Concat(frames).Append(
            Text(TokenClass.Assistant, "assistant")).Where(g => g.Tokens.Count > 0)];

        TokenGroup Text(TokenClass kind, string css) =>
            new(NameOf(kind), css, [.. Enumerable.Range(0, prompt.Length).Where(t => prompt.Classes[t] == kind)]);
    }
}
