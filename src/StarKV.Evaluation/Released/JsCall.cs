using System.Text.RegularExpressions;
using StarKV.Act;

namespace StarKV.Evaluation.Released;

/// <summary>One call as the JavaScript parser reads it.</summary>
internal sealed partial record JsCall(string Name, OrderedInputs Arguments)
{
    /// <summary>Reads a piece of one line; null where the JavaScript parser logs an error.</summary>
    public static JsCall? Read(string piece)
    {
        var match = Call().Match(JsText.Trim(Rename(piece)));
        if (!match.Success) return null;
        var arguments = new OrderedInputs();
        // Commas split unless they stand between two apostrophes; double quotes protect nothing.
        foreach (Match run in Run().Matches(match.Groups[2].Value))
        {
            var equals = run.Value.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? run.Value : run.Value[..equals];
            if (key == "") continue;
            var value = equals < 0 ? "" : OuterQuote().Replace(JsText.Trim(run.Value[(equals + 1)..]), "");
            value = WithoutTags(WithoutTags(value, "bbox"), "point");
            arguments.Set(new(JsText.Trim(key), value));
        }

        return new(match.Groups[1].Value, arguments);
    }

    /// <summary>Brings the newer argument names to the older ones, inside typed text too.</summary>
    private static string Rename(string piece) => PlainPoint().Replace(BoxToken().Replace(piece, ""), "start_box=")
        .Replace("start_point=", "start_box=", StringComparison.Ordinal)
        .Replace("end_point=", "end_box=", StringComparison.Ordinal);

    private static string WithoutTags(string value, string tag)
    {
        if (!value.Contains($"<{tag}>", StringComparison.Ordinal)) return value;
        var bare = value.Replace($"<{tag}>", "", StringComparison.Ordinal).Replace($"</{tag}>", "", StringComparison.Ordinal);
        return $"({Blanks().Replace(bare, ",")})";
    }

    [GeneratedRegex(@"<\|box_start\|>|<\|box_end\|>", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex BoxToken();

    [GeneratedRegex(@"(?<!start_|end_)point=", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex PlainPoint();

    [GeneratedRegex(@"\A([A-Za-z0-9_]+)\(([^\n\r\u2028\u2029]*)\)\z", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Call();

    [GeneratedRegex(@"(?:[^,']|'[^']*')+", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Run();

    [GeneratedRegex(@"\A['""]|['""]\z", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex OuterQuote();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking, MatchLimit.Milliseconds)]
    private static partial Regex Blanks();
}
