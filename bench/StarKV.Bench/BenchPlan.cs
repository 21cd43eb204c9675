using StarKV.Cli.Commands;
using StarKV.Compact;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV.Bench;

/// <summary>What a scenario times.</summary>
/// <param name="Shape">A published shape with random weights; not used when a model is named.</param>
/// <param name="Model">A model folder; null for the shape.</param>
/// <param name="Screens">Screenshots a prompt, one row each.</param>
/// <param name="Width">Width of a screenshot in pixels.</param>
/// <param name="Height">Its height.</param>
/// <param name="Compressions">Methods at budgets.</param>
/// <param name="Repeats">Timed runs.</param>
/// <param name="Device">The device's name.</param>
internal sealed record BenchPlan(
    string Shape, string? Model, IReadOnlyList<int> Screens, int Width, int Height, IReadOnlyList<Compression> Compressions, int Repeats,
    string Device)
{
    /// <summary>The published shapes, for help.</summary>
    public static string ShapeNames { get; } = string.Join(", ", ModelRegistry.Shapes.Select(s => s.Name));

    /// <summary>Runs before the timed ones.</summary>
    public const int WarmUps = 2;

    /// <value>Methods at budgets, with what they read behind a prompt.</value>
    public IReadOnlyList<Compression> Compressions { get; init; } = WithBranches(Compressions, Model);

    /// <summary>Loads the model, or makes the shape.</summary>
    public IVisionLanguageModel Open()
    {
        var compute = Compute.Choose(Device);
        return Model is { } folder
            ? ModelRegistry.Load(folder, compute)
            : Make(ModelRegistry.Shape(Shape), compute);
    }

    private static IVisionLanguageModel Make(ModelConfig shape, Compute compute) =>
        shape.Create(shape.Family.Pixels, compute, new RandomWeights(compute, seed: 1));

    /// <summary>Loads the model, or makes the shape, which speaks the shipped model's words, and gives it to an agent.</summary>
    public GuiAgent OpenAgent() => Model is { } folder
        ? GuiAgent.Load(folder, Device)
        : GuiAgent.FromModel(Open, QwenTokenizer.LoadFolder(ShippedModel.Find()), $"{Shape} random");

    /// <summary>Screenshots of noise.</summary>
    public IReadOnlyList<Screenshot> Screenshots(int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var rgb = new byte[Width * Height * 3];
            random.NextBytes(rgb);
            return Screenshot.FromRgb(rgb, Width, Height, $"noise {i}");
        })];
    }

    /// <summary>Screenshots of noise, ready for the model.</summary>
    public IReadOnlyList<ModelImage> Images(IVisionLanguageModel model, int count) =>
        [.. Screenshots(count).Select(s => s.ForModel(model.Pixels.Resize))];

    /// <summary>A step's prompt with these screenshots.</summary>
    public static TokenMap Prompt(IVisionLanguageModel model, IReadOnlyList<ModelImage> images) =>
        BenchPrompt.Of(model.Config, [.. images.Select(i => i.Grid)]);

    /// <summary>How a prompt is read: drafts take the likeliest tokens, and end at none.</summary>
    public static PrefillOptions Reading(IVisionLanguageModel model) =>
        new() { Drafts = new DraftWriter(model.Text, new GenerationOptions(), 1, _ => false) };

    /// <summary>The budget as tables show it.</summary>
    public static string Keep(Compression compression) => compression.KeepsEverything ? "100%" : $"{compression.Budget}";

    /// <summary>A prompt of the benchmark asks for no form of answer; those of the shipped model are read behind it.</summary>
    private static IReadOnlyList<Compression> WithBranches(IReadOnlyList<Compression> compressions, string? model)
    {
        var answers = new AnswerStyle(ActionLanguage.UiTars, WordsFirst: false);
        if (compressions.All(c => c.Method.Branches(answers).Count == 0))
            return compressions;
        var tokenizer = QwenTokenizer.LoadFolder(model ?? ShippedModel.Find());
        return [.. compressions.Select(c => c.For(tokenizer, answers))];
    }

    /// <summary>Runs <paramref name="once"/> some times to warm up and then the timed number of times; only those count.</summary>
    /// <param name="once">Takes a measurement and adds it where it belongs, if told to.</param>
    public void Repeat(Action<bool> once)
    {
        for (var i = -WarmUps; i < Repeats; i++)
            once(i >= 0);
    }

    /// <summary>The first token on the host: the end of what prefill and step time.</summary>
    public static void FirstToken(IVisionLanguageModel model, PrefillResult read)
    {
        using var sampler = new Sampler(new GenerationOptions(), 1, [], read.Logits.shape[1], model.Compute.Device);
        sampler.Next(read.Logits);
    }
}
