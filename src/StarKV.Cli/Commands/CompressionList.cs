using StarKV.Budget;
using StarKV.Compact;
using StarKV.Score;
using StarKV.Score.Wrappers;

namespace StarKV.Cli.Commands;

/// <summary>Lists of methods and budgets as the command line writes them.</summary>
public static class CompressionList
{
    /// <summary>Every method at every budget, method by method; one that keeps everything stands once.</summary>
    /// <param name="lists">Lists such as <c>snapkv,star-kv:alpha=1:grid=square</c>; without any, all registered methods.</param>
    /// <param name="budgets">A list such as <c>5%,20%</c>, <see cref="KvBudget.ParseList"/>.</param>
    public static IReadOnlyList<Compression> Read(IReadOnlyList<string> lists, string budgets)
    {
        var names = lists.Count == 0
            ? Methods.All.Select(m => m.Name)
            : lists.SelectMany(l => l.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        var amounts = KvBudget.ParseList(budgets).Distinct().ToList();
        var list = new List<Compression>();
        foreach (var name in names.Distinct())
        {
            var all = amounts.Select(budget => new Compression(Method(name), budget) { Name = name }).ToList();
            list.AddRange(all is [{ KeepsEverything: true }, ..] ? all.Take(1) : all);
        }

        return list.Count > 0
            ? list
            : throw new StarKvException("no method or no budget was given; name them as in --method snapkv,star-kv --keep 10%,20%.");
    }

    /// <summary>The two compressions of <c>--difference A B</c>, as indices; null when none are named.</summary>
    public static (int First, int Second)? Pair(IReadOnlyList<Compression> list, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return null;
        var (first, second) = (Index(names[0]), Index(names[1]));
        return first != second
            ? (first, second)
            : throw new StarKvException($"--difference {names[0]} {names[1]} names the same cache twice.");

        int Index(string text)
        {
            var parts = text.Split('@', 2);
            var at = list.ToList().FindIndex(c => c.Name == parts[0] && (parts.Length == 1 || c.Budget == KvBudget.Parse(parts[1])));
            return at >= 0
                ? at
                : throw new StarKvException($"--difference names '{text}', which is not among " +
                    $"{string.Join(", ", list.Select(c => c.KeepsEverything ? c.Name : $"{c.Name}@{c.Budget}"))}.");
        }
    }

    // Beside its own options every method takes protect, so that one list compares it with and without.
    private static ICompressionMethod Method(string text)
    {
        var (parts, where) = (text.Split(':'), $"--method {text}");
        var options = NamedValues.Read(parts[1..], where);
        var method = Methods.Create(parts[0], options.Where(o => o.Key != Protected.OptionName).ToDictionary());
        return options.TryGetValue(Protected.OptionName, out var what) ? new Protected(method, ProtectedParts.Read(what, where)) : method;
    }
}
