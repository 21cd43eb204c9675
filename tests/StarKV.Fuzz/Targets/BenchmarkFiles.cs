using System.Text;
using System.Text.Json;
using StarKV.Evaluation.Benchmarks;
using StarKV.Evaluation.Benchmarks.AgentNetBench;
using StarKV.Evaluation.Benchmarks.AndroidControl;
using StarKV.Evaluation.Benchmarks.Mind2Web;
using StarKV.Evaluation.Benchmarks.ScreenSpotPro;
using StarKV.Evaluation.Benchmarks.ScreenSpotV2;
using StarKV.Fuzz.Seeds;

namespace StarKV.Fuzz.Targets;

/// <summary>A published benchmark with one small annotation file in its true form.</summary>
/// <param name="Name">The target's name.</param>
/// <param name="Benchmark">The benchmark.</param>
/// <param name="File">The annotation file that is changed.</param>
/// <param name="IsLines">True for a JSON value a line.</param>
/// <param name="Seed">The file's content.</param>
/// <param name="Slots">Screenshots a question shows; null for the benchmark's own number.</param>
internal sealed record BenchmarkFiles(string Name, PublishedBenchmark Benchmark, string File, bool IsLines, Func<byte[]> Seed, int? Slots = null)
{
    private const string Answers =
        """
        Thought: a
        Action: click(start_box='(40,40)')
        """;

    public static BenchmarkFiles ScreenSpotV2 { get; } = new("screenspot-v2", ScreenSpotV2Benchmark.Published, "screenspot_web_v2.json", false, () => Json(new object[]
    {
        new { img_filename = "m.png", bbox = new double[] { 20, 30, 60, 20 }, instruction = "open the box", data_type = "text", data_source = "ios" },
        new { img_filename = "none.png", bbox = new double[] { 120, 30, 60, 20 }, instruction = "open the icon", data_type = "icon", data_source = "windows" },
    }));

    public static BenchmarkFiles ScreenSpotPro { get; } = new("screenspot-pro", ScreenSpotProBenchmark.Published, "vscode_macos.json", false, () => Json(new object[]
    {
        new { id = "vscode_macos_0", img_filename = "m.png", img_size = new[] { 280, 196 }, bbox = new[] { 20, 30, 80, 50 }, instruction = "toggle the side bar", instruction_cn = "切换侧边栏", application = "vscode", platform = "macos", ui_type = "icon", group = "Dev" },
        new { id = "vscode_macos_0", img_filename = "none.png", img_size = new[] { 280, 196 }, bbox = new[] { 20, 30, 80, 50 }, instruction = "run", application = "vscode", platform = "macos", ui_type = "text", group = "Dev" },
    }));

    public static BenchmarkFiles Mind2Web { get; } = new("mind2web", Mind2WebBenchmark.Published, "cross_task_blocks.jsonl", true, () => Encoding.UTF8.GetBytes(string.Concat(new[] { ("CLICK", "", 0), ("TYPE", "Oslo", 1), ("SELECT", "Two", 0) }
        .Select(s => JsonSerializer.Serialize(new
        {
            annotation_id = "a1",
            action_uid = "u0",
            task = "Find a flight",
            operation = s.Item1,
            value = s.Item2,
            bbox = new[] { new[] { 20.5, 30 + 224 * s.Item3, 60, 20 } },
            previous_actions = new[] { "[tab]  One way -> CLICK" },
            total_steps = 3,
            blocks_path = "pages",
            target_blocks = new Dictionary<string, double[][]> { [$"{s.Item3}"] = [[20.5, 30, 60, 20]] },
        }) + "\n"))));

    public static BenchmarkFiles AndroidControl { get; } = new("androidcontrol", AndroidControlBenchmark.Published, "500_steps.json", false, () => Steps());

    public static BenchmarkFiles AndroidEpisodes { get; } = new("android-episodes", AndroidControlBenchmark.Published, "android_control_test.json", false, () => Json(new[] { 12, 13 }.Select(e => new
    {
        episode = new { episode_id = e, screenshot_paths = new[] { "m.png", "m.png", "none.png" }, actions = new[] { 0, 1, 2, 3 }, step_instructions = new[] { "First", "Second" } },
    })), Slots: 3);

    public static BenchmarkFiles AgentNetBench { get; } = new("agentnetbench", AgentNetBenchmark.Published, "s_01.json", false, () => Json(new
    {
        task_id = "s_01",
        high_level_task_description = "Turn it on",
        meta_info = new { system = "windows" },
        steps = new[]
        {
            Step("m.png", Action("click", new { position = new { x = 0.4, y = 0.2 } })),
            Step("m.png", Action("moveTo", new { position = new { x = 0.5, y = 0.5 } }), Action("scroll", new { position = new { x = 0.5, y = 0.5 }, amount = -5 })),
            Step("none.png", Action("write", new { text = "a\n" })),
            Step("m.png", Action("press", new { keys = new[] { "enter" } })),
            Step("m.png", Action("terminate", new { status = "success" })),
        },
    }));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BenchmarkFiles> All { get; } = [Mind2Web, ScreenSpotV2, ScreenSpotPro, AndroidControl, AndroidEpisodes, AgentNetBench];

    /// <summary>Writes the files that are not changed, and the pictures.</summary>
    public void Prepare(string folder)
    {
        System.IO.File.WriteAllBytes(Path.Combine(folder, "m.png"), Pictures.Of(SkiaSharp.SKEncodedImageFormat.Png, 196, 280));
        Directory.CreateDirectory(Path.Combine(folder, "cross_task", "pages"));
        System.IO.File.Copy(Path.Combine(folder, "m.png"), Path.Combine(folder, "cross_task", "pages", "0.png"), overwrite: true);
        foreach (var other in new[] { ScreenSpotV2.File, "screenspot_mobile_v2.json", "screenspot_desktop_v2.json" }.Where(_ => Benchmark == ScreenSpotV2.Benchmark))
            System.IO.File.WriteAllText(Path.Combine(folder, other), "[]");
        if (this == AndroidEpisodes)
            System.IO.File.WriteAllBytes(Path.Combine(folder, AndroidControl.File), Steps());
        System.IO.File.WriteAllBytes(Path.Combine(folder, File), Seed());
    }

    /// <summary>Opens it under every profile in both languages.</summary>
    public IEnumerable<EvalTask> OpenAll(string folder)
    {
        Prepare(folder);
        return [.. Benchmark.Profiles.SelectMany(profile => new[] { AnswerFamily.UiTars, AnswerFamily.OpenCua }.SelectMany(family => Open(folder, profile, family).Tasks))];
    }

    /// <summary>Opens it.</summary>
    public IPublishedBenchmark Open(string folder, Profile profile = Profile.Strict, AnswerFamily family = AnswerFamily.UiTars) =>
        Benchmark.Load(new BenchmarkOptions(folder, folder) { Profile = profile, Family = family, ImageSlots = Slots });

    /// <summary>An answer to any of its tasks.</summary>
    public static GroundingAnswer Answer() => JudgedAnswers.Of(Answers, 196, 280);

    private static byte[] Steps()
    {
        object Node(string text, int x, int y, int width, int height) => new { text, content_description = (string?)null, bbox_pixels = new { x_min = x, x_max = x + width, y_min = y, y_max = y + height, width, height } };
        object Row(int episode, int step, object action) => new
        {
            episode_id = episode,
            step,
            step_index = step,
            goal = "Set an alarm",
            step_instruction = "Tap the plus",
            previous_actions = new[] { "Open the Clock app" },
            screenshot = "m.png",
            action,
            accessibility_tree = new[] { Node("", 0, 0, 196, 280), new[] { Node("Clock", 20, 30, 60, 20), Node("Back", 0, 0, 20, 20) } },
        };
        return Json(new[]
        {
            Row(12, 1, new { action_type = "click", x = 50, y = 40 }), Row(12, 2, new { action_type = "type_text", text = "7:15", x = 50, y = 40 }), Row(13, 0, new { action_type = "scroll", direction = "down" }),
            Row(13, 1, new { action_type = "open_app", app_name = "Clock" }), Row(14, 0, new { action_type = "navigate_back" }), Row(14, 9, new { action_type = "status", goal_status = "successful" }),
        });
    }

    private static object Step(string image, params object[] truth) => new
    {
        image,
        milestone = true,
        inner_monologue = new { observation = "seen", thought = "thought", low_level_instruction = "done" },
        ground_truth_actions = truth,
        alternative_options = new[] { new[] { Action("press", new { keys = new[] { "enter" } }) } },
    };

    private static object Action(string type, object parameters) =>
        new { type, @params = parameters, metadata = new { bboxes = new[] { new { category_id = 1, rel_bbox = new[] { 0.35, 0.15, 0.1, 0.1 } } } } };

    private static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value);
}
