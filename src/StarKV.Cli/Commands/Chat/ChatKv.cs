using Spectre.Console;
using StarKV.Account;
using StarKV.Sessions;
using StarKV.Text;

namespace StarKV.Cli.Commands.Chat;

/// <summary>Which rows a session's last answer attended to, by kind of token and by screenshot.</summary>
internal static class ChatKv
{
    /// <summary>As a table.</summary>
    public static Table Table(KeptTokens kept)
    {
        var table = Tables.Of("rows by part", "tokens", "kept", "share");
        var parts = Parts(kept);
        foreach (var part in parts.Append(new Part("all", parts.Sum(p => p.Tokens), parts.Sum(p => p.Rows))))
        {
            table.Row(
                part.Name, Format.Number(part.Tokens), Format.Number(part.Rows),
                Format.Percent(part.Tokens == 0 ? 0 : part.Rows / part.Tokens));
        }

        return table;
    }

    /// <summary>As <c>--json</c> shows it.</summary>
    public static object Json(SessionKv kv) => new
    {
        Kv = new
        {
            kv.Tokens,
            kv.NextPosition,
            kv.DeviceBytes,
            kv.HostBytes,
            kv.FullBytes,
            Parts = kv.Kept is { } kept ? Parts(kept) : null,
        },
    };

    /// <summary>A part of the conversation: its tokens, and how many of them a layer holds, the mean over layers and heads.</summary>
    private sealed record Part(string Name, int Tokens, double Rows);

    private static IReadOnlyList<Part> Parts(KeptTokens kept)
    {
        var prompt = kept.Prompt;
        return
        [
            Class("system", TokenClass.System),
            Class("user", TokenClass.User),
            .. prompt.Frames.Select((f, i) => new Part(
                FormattableString.Invariant($"screenshot {i + 1}"), f.Length, kept.Mean(f))),
            Class("answers", TokenClass.Assistant),
        ];

        Part Class(string name, TokenClass of) => new(
            name, Enumerable.Range(0, prompt.Length).Count(t => prompt.Classes[t] == of), kept.Mean(of));
    }
}
