namespace StarKV.Tests;

/// <summary>
/// Folders are rooms in one order: a room uses rooms before it, never one after it. docs/architecture.md says what each of the engine's
/// holds.
/// </summary>
public sealed class FolderOrderTests
{
    /// <summary>The engine's files beside the folders: the agent, its options and answers.</summary>
    private const string Door = "GuiAgent";

    private static readonly RoomOrder s_engine = new(
        "StarKV",
        [
            "Files", "Runtime", "Kernels", "Input", "Text", "Weights", "Cache", "Models", "Observe", "Budget", "Score", "Select",
            "Compact", "Prefill", "Decode", "Act", "Account", "Sessions", "Schedule", Door,
        ],
        Door,
        [
            "InvariantText", "ListText", "Nearest", "StarKvBusyException", "StarKvDeviceException", "StarKvException",
            "StarKvMemoryException", "StarKvTimeoutException",
        ]);

    private static readonly RoomOrder[] s_projects =
    [
        s_engine,
        new("StarKV.Evaluation", ["Released", "Metrics", "Records", "Benchmarks", "Runs", "Reports"]),
        new(
            "StarKV.MiniGui",
            [
                "Files", "Look", "Layout", "Words", "Screens", "Draw", "Tasks", "Histories", "Thinking", "Sample", "Episodes", "Dataset",
            ],
            "Sample", ["Box", "Challenge", "Order", "SampleOptions", "SeededRandom"]),
        new("StarKV.MiniGui.Training", ["Weights", "Checkpoints", "Data", "Model", "Optimise", "Report", "Run"]),
        new(
            "StarKV.Server",
            ["Errors", "Turns", "Reading", "Sessions", "OpenApi", "Wire", "Responses", "Answering", "Http", "StarKvServer"], "StarKvServer"),
        new(
            "StarKV.Cli", ["Help", "Commands", "StarKvCommand"], "StarKvCommand",
            [
                "ConsoleMarkup", "ExitCodes", "Format", "Interruption", "Names", "OpenFiles", "OwnProgram", "Refusal", "SignalNames",
                "Tables", "Terminal", "VerbConfiguration",
            ]),
    ];

    public static TheoryData<string> Projects => [.. s_projects.Select(p => p.Project)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_has_one_place_in_the_order(string project)
    {
        var rooms = Of(project);
        var folders = rooms.Sources.Where(s => !rooms.IsFloor(s)).Select(s => s.Room).Distinct();
        Assert.Equal(rooms.Order.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    /// <summary>But for the entry point, and for the file that takes the place of one of the engine's, whose other files are compiled in.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void A_namespace_is_its_folder(string project) => Assert.All(
        Of(project).Sources.Where(s => s.File is not ("Program.cs" or "Files/OutputError.cs") || project == "StarKV"),
        s => Assert.Equal(string.Join('.', s.File.Split('/')[..^1].Prepend(project)), s.Namespace));

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_room_uses_one_after_it(string project)
    {
        var rooms = Of(project);
        var upward = rooms.Upward().Where(u => !rooms.Allowed.Contains((u.From, u.To))).Select(u => $"{u.File} uses {u.To}");
        Assert.Equal("", string.Join('\n', upward));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_exception_is_still_needed(string project)
    {
        var rooms = Of(project);
        Assert.Empty(rooms.Allowed.Except(rooms.Upward().Select(u => (u.From, u.To))));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void What_every_room_may_use_uses_none(string project)
    {
        var rooms = Of(project);
        var floor = rooms.Sources.Where(rooms.IsFloor).ToList();
        Assert.Equal(rooms.FloorFiles, floor.Count);
        Assert.All(floor, s => Assert.Empty(rooms.RoomsIn(s.Text)));
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
    public void A_use_is_seen_however_it_is_written(string code, string room) =>
        Assert.Equal(room, string.Join(',', s_engine.RoomsIn(code)));

    [Theory]
    [InlineData("StarKV.Evaluation", "using StarKV.Evaluation.Benchmarks.Data;", "Benchmarks")]
    [InlineData("StarKV.Evaluation", "Runs.RunPlan plan", "Runs")]
    [InlineData("StarKV.MiniGui", "using StarKV.MiniGui.Look;", "Look")]
    [InlineData("StarKV.MiniGui", "using StarKV.MiniGui; Box box", "")]
    [InlineData("StarKV.MiniGui", "SampleGenerator generator", "Sample")]
    public void A_use_is_seen_in_each_project(string project, string code, string room) =>
        Assert.Equal(room, string.Join(',', Of(project).RoomsIn(code)));

    /// <summary>A class <c>XTests</c> lies in the folder of the engine's type <c>X</c>, if there is one in a room.</summary>
    [Fact]
    public void The_engine_s_tests_lie_in_the_rooms_of_what_they_test()
    {
        var rooms = s_engine.Sources.Where(s => s.Room != Door && !s_engine.IsFloor(s)).ToLookup(s => s.Name, s => s.Room);
        var root = RepositoryFiles.Path("tests", "StarKV.Tests");
        var tests = Directory.EnumerateFiles(root, "*Tests.cs", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f))
            .Select(f => (Folder: f.Split(Path.DirectorySeparatorChar)[0], Type: Path.GetFileNameWithoutExtension(f)[..^"Tests".Length]))
            .Where(t => rooms[t.Type].Any()).ToList();
        Assert.NotEmpty(tests);
        Assert.Equal("", string.Join('\n', tests.Where(t => !rooms[t.Type].Contains(t.Folder)).Select(t => $"{t.Folder}/{t.Type}Tests")));
        // Reports has a project of its own, whose tests are next to the engine's, with which they share the small model.
        string[] others = ["Agent", "Docs", "Issues", "Readme", "Reports", "bin", "obj"];
        var folders = Directory.EnumerateDirectories(root).Select(f => Path.GetFileName(f)!);
        Assert.Empty(folders.Except(s_engine.Order).Except(others).Except(["TestResults", "StrykerOutput"]));
    }

    private static RoomOrder Of(string project) => s_projects.Single(p => p.Project == project);
}
