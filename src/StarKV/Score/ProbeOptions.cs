using System.Globalization;
using System.Text.Json;

namespace StarKV.Score;

/// <summary>Options of <see cref="Probe"/>.</summary>
public sealed record ProbeOptions
{
    /// <summary>Most branches that one probe reads.</summary>
    internal const int MaxBranches = 32;

    /// <value>The forms that are read; default a click at a filler point, and typing.</value>
    public IReadOnlyList<ProbeForm> Forms { get; init; } = [ProbeForm.Point, ProbeForm.Type];

    /// <value>
    /// Filler points, in the numbers that the model writes, 0–9999 each; a form with a point is read once for each. Default (300, 200).
    /// </value>
    public IReadOnlyList<(int X, int Y)> At { get; init; } = [(300, 200)];

    /// <value>Whose answers the forms begin; default those that the prompt asks for.</value>
    public IReadOnlyList<ProbeGrammar> Grammars { get; init; } = [ProbeGrammar.Prompt];

    /// <value>Last prompt tokens W that are always kept, 1–256; default 1.</value>
    public int Window { get; init; } = 1;

    /// <value>Pooling kernel along the tokens, odd, 1–63; default 1, none.</value>
    public int Kernel { get; init; } = 1;

    /// <value>Whether a token's attention is multiplied by the length of its value; default true.</value>
    public bool Value { get; init; } = true;

    /// <value>Last prompt tokens that are looked through as one more branch, and kept, 0–256; default 0.</value>
    public int WithLast { get; init; }

    internal static OptionTable<ProbeOptions> Table { get; } = new OptionTable<ProbeOptions>("probe")
        .List("forms", o => o.Forms, (o, v) => o with { Forms = v }, Names<ProbeForm>(), ReadName<ProbeForm>, NameOf,
            "beginnings of an answer")
        .List("at", o => o.At, (o, v) => o with { At = v }, "points such as 300x200, 0 to 9999", ReadPoint,
            p => FormattableString.Invariant($"{p.X}x{p.Y}"), "filler points of the forms")
        .List("grammar", o => o.Grammars, (o, v) => o with { Grammars = v }, Names<ProbeGrammar>(), ReadName<ProbeGrammar>, NameOf,
            "whose answers the forms begin")
        .Whole("window", o => o.Window, (o, v) => o with { Window = v }, 1, 256, "last prompt tokens W that are always kept")
        .Whole("kernel", o => o.Kernel, (o, v) => o with { Kernel = v }, 1, 63, "pooling kernel in tokens", odd: true)
        .Switch("value", o => o.Value, (o, v) => o with { Value = v }, "times the length of the token's value")
        .Whole("with-last", o => o.WithLast, (o, v) => o with { WithLast = v }, 0, 256, "last prompt tokens as one more branch");

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => string.Join(' ', Table.Write(this).Select(o => $"{o.Key}={o.Value}"));

    private static string Names<T>() where T : struct, Enum => string.Join(" or ", Enum.GetValues<T>().Select(NameOf));

    /// <summary>A member's name in lower case, its words joined by hyphens.</summary>
    private static string NameOf<T>(T member) where T : struct, Enum =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(member.ToString());

    private static T? ReadName<T>(string text) where T : struct, Enum =>
        Enum.GetValues<T>().Where(m => NameOf(m) == text).Select(m => (T?)m).FirstOrDefault();

    private static (int X, int Y)? ReadPoint(string text) =>
        text.Split('x') is [var x, var y] && Number(x) is { } left && Number(y) is { } top ? (left, top) : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 9999 ? number : null;
}
