using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StarKV;

/// <summary>Lists in the text of a record, where the runtime's own would show the name of their type.</summary>
[Experimental("STARKV001")]
public static class ListText
{
    private const int Most = 8;

    /// <summary>The elements in brackets, such as <c>[1, 2, 3]</c>; of a long list the first ones and how many there are.</summary>
    public static string Of<T>(IReadOnlyCollection<T> list)
    {
        var shown = string.Join(", ", list.Take(Most).Select(e => Convert.ToString(e, CultureInfo.InvariantCulture)));
        return list.Count > Most ? $"[{shown}, … {list.Count} in all]" : $"[{shown}]";
    }

    /// <summary>A count with its noun, such as <c>1 layer</c> or <c>2 layers</c>.</summary>
    public static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
