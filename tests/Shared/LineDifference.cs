namespace StarKV.Tests;

/// <summary>The lines in which two texts differ, with those around them.</summary>
internal static class LineDifference
{
    private const int Around = 2, MaxLines = 80, MaxCells = 4_000_000;

    /// <summary>
    /// Lines of the first text alone after <c>-</c>, of the second alone after <c>+</c>, with up to two equal ones around them;
    /// empty for equal texts.
    /// </summary>
    public static string Of(string expected, string actual)
    {
        var (a, b) = (expected.Split('\n'), actual.Split('\n'));
        var all = Lines(a, b).ToList();
        bool IsNearChange(int at) => Enumerable.Range(at - Around, 2 * Around + 1).Any(i => i >= 0 && i < all.Count && all[i].Mark != ' ');
        var near = all.Index().Where(l => IsNearChange(l.Index)).ToList();
        var shown = new List<string>();
        var last = -1;
        foreach (var (index, (mark, line)) in near)
        {
            if (index != last + 1)
                shown.Add("…");
            shown.Add($"{mark} {line}");
            last = index;
        }

        return string.Join('\n', shown.Count <= MaxLines ? shown : [.. shown.Take(MaxLines), $"… and {shown.Count - MaxLines} lines more"]);
    }

    private static IEnumerable<(char Mark, string Line)> Lines(string[] a, string[] b)
    {
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start])
            yield return (' ', a[start++]);
        var tail = 0;
        while (tail < a.Length - start && tail < b.Length - start && a[^(tail + 1)] == b[^(tail + 1)])
            tail++;
        foreach (var line in Middle(a[start..^tail], b[start..^tail]))
            yield return line;
        foreach (var line in a[^tail..])
            yield return (' ', line);
    }

    /// <summary>By the longest common sequence of lines; texts too long for that are shown whole.</summary>
    private static List<(char Mark, string Line)> Middle(string[] a, string[] b)
    {
        if ((long)(a.Length + 1) * (b.Length + 1) > MaxCells)
            return [.. a.Select(line => ('-', line)), .. b.Select(line => ('+', line))];
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        var lines = new List<(char, string)>();
        for (var (i, j) = (0, 0); i < a.Length || j < b.Length;)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                lines.Add((' ', a[i++]));
                j++;
            }
            else if (i < a.Length && (j == b.Length || common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add(('-', a[i++]));
            }
            else
            {
                lines.Add(('+', b[j++]));
            }
        }

        return lines;
    }
}
