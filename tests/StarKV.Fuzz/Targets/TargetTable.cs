using StarKV.Evaluation.Released;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.Text;

namespace StarKV.Fuzz.Targets;

/// <summary>Every target. A new reader or parser gets a class and a line here.</summary>
internal static class TargetTable
{
    private const string Planted = "planted-";
    private const int Width = 1932, Height = 1092;
    private static readonly PyParserOptions s_py = new() { Screen = (1920, 1080) };
    private static readonly JsParserOptions s_js = new() { Screen = (1920, 1080), ModelVersion = "1.5" };

    private static readonly IReadOnlyList<(string Name, Func<Scratch, IFuzzTarget> Make)> s_targets =
    [
        ("safetensors", s => new SafetensorsTarget(s)),
        ("index", s => new ShardsTarget(s)),
        ("config", _ => new ConfigTarget()),
        ("preprocessor", s => new PreprocessorTarget(s)),
        ("generation-config", s => new GenerationConfigTarget(s)),
        ("adapter-config", s => new AdapterTarget(s)),
        ("tokenizer", s => new TokenizerTarget(s)),
        ("tiktoken", s => new TiktokenTarget(s)),
        ("tokenizer-config", s => new TokenizerConfigTarget(s)),
        ("text", _ => new TextTarget()),
        ("prompt-style", s => new PromptStyleTarget(s)),
        ("png", _ => new PngTarget()),
        ("jpeg", _ => new JpegTarget()),
        ("webp", _ => new WebpTarget()),
        ("answer-uitars", _ => new AnswerTarget("answer-uitars", ActionLanguage.UiTars, AnswerTexts.UiTars)),
        ("answer-opencua", _ => new AnswerTarget("answer-opencua", ActionLanguage.OpenCua, AnswerTexts.OpenCua)),
        ("answer-toolcall", _ => new AnswerTarget("answer-toolcall", ActionLanguage.ToolCall, AnswerTexts.ToolCall, "<tool_call>", "</tool_call>", "<think>", "</think>", "{", "}", "\"arguments\": ", "\"coordinate\": [1, 2]", "\"action\": \"left_click\"", "'", "\"", "\\", ", ", "None", "1e999", "mobile_use")),
        ("answer-uivenus", _ => new AnswerTarget("answer-uivenus", ActionLanguage.UiVenus, AnswerTexts.UiVenus, "<action>", "</action>", "<think>", "</think>", "<conclusion>", "Click(", "box=(1,2)", "Type(content='", "keys=['", "', app='", ")", "start=", "url=\"")),
        ("answer-point", _ => new AnswerTarget("answer-point", ActionLanguage.Point, AnswerTexts.Point, "[", "]", ",", "{", "\"point_2d\": ", "\"bbox_2d\": [1, 2, 3, 4]", "[-1,-1]", "```", "1e999", "</think>")),
        ("py-official", _ => new CompatibilityTarget("py-official", PyActionParser.Official(s_py))),
        ("py-guikv", _ => new CompatibilityTarget("py-guikv", PyActionParser.GuiKv(s_py))),
        ("py-starkv", _ => new CompatibilityTarget("py-starkv", new StarKvActionParser(s_py))),
        ("py-starkv-lenient", _ => new CompatibilityTarget("py-starkv-lenient", new StarKvActionParser(s_py, raiseOnParseError: false))),
        ("js", _ => new CompatibilityTarget("js", new JsActionParser(s_js))),
        ("js-tagged", _ => new CompatibilityTarget("js-tagged", new JsActionParser(s_js with { TaggedAnswer = true }))),
        ("opencua-extraction", _ => new OpenCuaProgramTarget("opencua-extraction", text => OpenCuaExtraction.Actions(OpenCuaExtraction.CodeLines(text) ?? text, Width, Height).Select(a => a.Kind))),
        ("opencua-grounding", _ => new OpenCuaProgramTarget("opencua-grounding", text => OpenCuaGrounding.Points(text, Width, Height) is var (points, error) ? [$"{Math.Min(points.Count, 4)} {error?.Exception}"] : [])),
        ("opencua-official", _ => new OpenCuaProgramTarget("opencua-official", text => OpenCuaOfficial.Actions(OpenCuaOfficial.ActionText(text, Width, Height)).Select(a => a.Kind))),
        ("opencua-rescue", _ => new OpenCuaProgramTarget("opencua-rescue", text => [OpenCuaRescue.Of(text, 1920, 1080).Operation])),
        ("verdict", _ => new VerdictTarget()),
        ("run", RunFileTarget.Manifest),
        ("samples", RunFileTarget.Samples),
        ("starts", RunFileTarget.Starts),
        ("errors", RunFileTarget.Errors),
        ("manifest", s => new ManifestTarget(s)),
        ("parquet", s => new ParquetTarget(s)),
        .. BenchmarkFiles.All.Select(files => (files.Name, (Func<Scratch, IFuzzTarget>)(s => new BenchmarkTarget(s, files)))),
        ("prompt-texts", s => new PromptTextsTarget(s)),
        ("local-paths", s => new LocalPathsTarget(s)),
        ("demo-task", s => new DemoTaskTarget(s)),
        ("training-log", s => new TrainingLogTarget(s)),
        ("training-progress", s => new TrainingProgressTarget(s)),
        ("training-state", _ => new TrainingStateTarget()),
        ("hub-list", _ => new HubListTarget()),
        ("hub-answer", s => new HubAnswerTarget(s)),
        ("options", _ => new OptionsTarget()),
        ("session", SessionTarget.OfFile),
        ("session-fields", SessionTarget.OfFields),
        // With faults on purpose: run only when they are named.
        ($"{Planted}fault", _ => PlantedTarget.Fault()),
        ($"{Planted}hang", _ => PlantedTarget.Hang()),
        ($"{Planted}allocation", _ => PlantedTarget.Allocation()),
        ($"{Planted}death", _ => PlantedTarget.Death()),
        ($"{Planted}promise", _ => PlantedTarget.Promise()),
    ];

    /// <summary>The names of all targets without faults on purpose, in the order of the table.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_targets.Select(t => t.Name).Where(name => !name.StartsWith(Planted, StringComparison.Ordinal))];

    /// <summary>True for the name of a target.</summary>
    public static bool Knows(string name) => s_targets.Any(t => t.Name == name);

    /// <summary>Makes a target.</summary>
    public static IFuzzTarget Make(string name, Scratch scratch) => s_targets.First(t => t.Name == name).Make(scratch);
}
