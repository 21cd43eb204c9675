using System.Globalization;
using System.Text.RegularExpressions;

namespace StarKV.Act;

/// <summary>The numbers of a point or box, whatever brackets, tags or box tokens surround them.</summary>
internal static partial class CoordinateNumbers
{
    public static IReadOnlyList<double> Read(string value) =>
        [.. Number().Matches(value).Select(m => double.Parse(m.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"(?<![\w.])[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", RegexOptions.None, MatchLimit.Milliseconds)]
    private static partial Regex Number();
}
