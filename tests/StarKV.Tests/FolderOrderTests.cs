using System.Text.RegularExpressions;

namespace StarKV.Tests;

/// <summary>
/// The engine's folders are rooms in one order: a room uses rooms before it, never one behind. docs/architecture.md says what each holds.
/// </summary>
public sealed partial class FolderOrderTests
{
    /// <summary>The files beside the folders: the agent, its options and answers.</summary>
    private const string Door = "GuiAgent";

    private static readonly string[] s_order =
    [
        "Files", "Runtime", "Kernels", "Input", "Text", "Weights", "Hub", "Cache", "Models", "Observe", "Budget", "Score", "Select", "Compact",
        "Prefill", "Decode", "Act", "Account", Door, "Report", "Inspect",
    ];

    /// <summary>Files beside the folders that every room may use; they use none.</summary>
    private static readonly string[] s_floor =
        ["IMarkup", "InvariantText", "ListText", "MarkupHandler", "Nearest", "StarKvException", "StarKvMemoryException"];

    // Each with the reason why it is not cut yet.
    private static readonly Dictionary<(string From, string To), string> s_allowed = new()
    {
        [(Door, "Inspect")] = "GuiAgent.Inspect gives an Inspection; it ends when the pages leave the engine",
    };

    private static readonly IReadOnlyList<Source> s_sources = [.. Sources()];

    private static readonly ILookup<string, string> s_types = s_sources.Where(s => !s_floor.Contains(s.Name))
        .SelectMany(s => Declaration().Matches(s.Text).Select(m => (s.Room, Type: m.Groups[1].Value, s.Namespace)))
        .ToLookup(t => t.Room == Door ? t.Type : $"{t.Namespace["StarKV.".Length..]}.{t.Type}", t => t.Room);

    [Fact]
    public void Every_folder_has_one_place_in_the_order() =>
        Assert.Equal(s_order.Order(StringComparer.Ordinal), s_sources.Select(s => s.Room).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void A_namespace_is_its_folder() =>
        Assert.All(s_sources, s => Assert.Equal(string.Join('.', s.File.Split('/')[..^1].Prepend("StarKV")), s.Namespace));

    [Fact]
    public void No_room_uses_one_behind_it()
    {
        var upward = Upward().Where(u => !s_allowed.ContainsKey((u.From, u.To))).Select(u => $"{u.File} uses {u.To}");
        Assert.Equal("", string.Join('\n', upward));
    }

    [Fact]
    public void Every_exception_is_still_needed() => Assert.Empty(s_allowed.Keys.Except(Upward().Select(u => (u.From, u.To))));

    [Fact]
    public void What_every_room_may_use_uses_none()
    {
        var floor = s_sources.Where(s => s_floor.Contains(s.Name)).ToList();
        Assert.Equal(s_floor.Length, floor.Count);
        Assert.All(floor, s => Assert.Empty(RoomsIn(s.Text)));
    }

    [Theory]
    [InlineData("using StarKV.Score;", "Score")]
    [InlineData("using static StarKV.Files.FileCalls;", "Files")]
    [InlineData("using StarKV.Models.Qwen25Vl;", "Models")]
    [InlineData("private readonly StarKV.Cache.KvCache _cache;", "Cache")]
    [InlineData("/// <summary>See <see cref=\"Score.Wrappers.EqualBytes\"/>.</summary>", "Score")]
    [InlineData("Prepared(Text.TokenMap prompt)", "Text")]
    [InlineData("GroundingAnswer answer", Door)]
    [InlineData("answer.Text.Length + Text.Length + input.Score.Total", "")]
    public void A_use_is_seen_however_it_is_written(string code, string room) => Assert.Equal(room, string.Join(',', RoomsIn(code)));

    private static IEnumerable<(string File, string From, string To)> Upward() =>
        from source in s_sources
        where !s_floor.Contains(source.Name)
        from to in RoomsIn(source.Text)
        where Array.IndexOf(s_order, to) > Array.IndexOf(s_order, source.Room)
        select (source.File, source.Room, to);

    private static IEnumerable<string> RoomsIn(string code) =>
        Qualified().Matches(code).Select(m => m.Groups[1].Value).Where(room => s_order.Contains(room))
            .Concat(Names().Matches(code).SelectMany(m => Beginnings(m.Value)).SelectMany(name => s_types[name]))
            .Distinct();

    /// <summary>Of <c>A.B.C</c>: <c>A</c>, <c>A.B</c> and <c>A.B.C</c>.</summary>
    private static IEnumerable<string> Beginnings(string name)
    {
        var parts = name.Split('.');
        return Enumerable.Range(1, parts.Length).Select(count => string.Join('.', parts[..count]));
    }

    private static IEnumerable<Source> Sources()
    {
        var root = RepositoryFiles.Path("src", "StarKV");
        return from path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
               let file = Path.GetRelativePath(root, path).Replace('\\', '/')
               let room = file.Contains('/', StringComparison.Ordinal) ? file.Split('/')[0] : Door
               where room is not ("bin" or "obj")
               select new Source(file, room, File.ReadAllText(path));
    }

    [GeneratedRegex(@"(?<!namespace )\bStarKV\.([A-Z]\w*)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)*")]
    private static partial Regex Names();

    [GeneratedRegex(@"^(?:(?:public|internal|sealed|static|abstract|readonly|ref|partial|unsafe) )*"
        + @"(?:class|interface|enum|struct|record struct|record) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    private sealed record Source(string File, string Room, string Text)
    {
        public string Name => Path.GetFileNameWithoutExtension(File);

        public string Namespace => NamespaceLine().Match(Text).Groups[1].Value;
    }
}
