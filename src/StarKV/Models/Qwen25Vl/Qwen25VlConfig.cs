using System.Collections.Immutable;
using System.Text;
using StarKV.Files;

namespace StarKV.Models.Qwen25Vl;

/// <summary>What <c>config.json</c> says of a model of the Qwen2.5-VL class: Qwen2.5-VL and UI-TARS-1.5 in either published form, OpenCUA.</summary>
/// <param name="Text">The text decoder.</param>
/// <param name="Vision">The vision tower.</param>
public sealed record Qwen25VlConfig(TextConfig Text, VisionConfig Vision)
{
    /// <value>What the model shares with its family; default <see cref="ModelFamily.Qwen25Vl"/>.</value>
    public ModelFamily Family { get; init; } = ModelFamily.Qwen25Vl;

    /// <value>The token that stands for one merged image token; default 151655, that of the family where <c>config.json</c> names none.</value>
    public int ImageTokenId { get; init; } = 151655;

    /// <value>The token that stands for one merged video token; default 151656, else as above.</value>
    public int VideoTokenId { get; init; } = 151656;

    /// <value>The token before an image; default 151652, else as above.</value>
    public int VisionStartTokenId { get; init; } = 151652;

    /// <value>The token after an image; default 151653, else as above.</value>
    public int VisionEndTokenId { get; init; } = 151653;

    /// <value>Tokens that end an answer; those of <c>generation_config.json</c> if it names any; may be empty.</value>
    public ImmutableArray<int> EosTokenIds { get; init; } = [];

    /// <summary>Reads a model folder's <c>config.json</c>, and its <c>generation_config.json</c> for the end tokens.</summary>
    /// <exception cref="StarKvException">The file is missing or not valid, or describes a model that cannot be run.</exception>
    public static Qwen25VlConfig Load(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        var root = JsonFile.ReadIfPresent(path) ?? throw new StarKvException($"There is no {path}. Give the folder of a downloaded model.");
        return Read(root) with { EosTokenIds = GenerationConfig.Load(folder).EosTokenIds };
    }

    /// <summary>Reads the text of a <c>config.json</c>.</summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="source">Names the text in errors.</param>
    /// <exception cref="StarKvException">The text is not valid, or describes a model that cannot be run.</exception>
    public static Qwen25VlConfig Parse(string json, string source = "config.json") =>
        Read(JsonFile.Parse(Encoding.UTF8.GetBytes(json), source));

    private static Qwen25VlConfig Read(JsonFields root)
    {
        var family = ModelFamily.Of(root);
        var vision = root.Object("vision_config") ?? throw root.Error("there is no vision_config; the model has no vision tower.");
        var config = new Qwen25VlConfig(TextConfig.Read(root, family), VisionConfig.Read(vision)) { Family = family };
        config = config with
        {
            ImageTokenId = TokenId(root, family.ImageTokenField, family.ImageTokens.Pad, config.Text),
            VideoTokenId = TokenId(root, "video_token_id", family.ImageTokens.Video, config.Text),
            VisionStartTokenId = TokenId(root, "vision_start_token_id", family.ImageTokens.Start, config.Text),
            VisionEndTokenId = TokenId(root, "vision_end_token_id", family.ImageTokens.End, config.Text),
            EosTokenIds = GenerationConfig.ReadEos(root),
        };
        if (config.EosTokenIds.FirstOrDefault(id => id >= config.Text.VocabSize, -1) is >= 0 and var end)
            throw root.Error($"eos_token_id names {end}, but the vocabulary ends at {config.Text.VocabSize - 1}.");
        if (config.Vision.OutHiddenSize != config.Text.HiddenSize)
        {
            throw root.Error(
                $"the vision tower's out_hidden_size {config.Vision.OutHiddenSize} must equal the text hidden_size {config.Text.HiddenSize}.");
        }

        return config;
    }

    private static int TokenId(JsonFields root, string name, int missing, TextConfig text)
    {
        var id = (int)root.Whole(name, missing, 0, int.MaxValue);
        return id < text.VocabSize || !root.Has(name) ? id : throw root.Error($"{name} is {id}, but the vocabulary ends at {text.VocabSize - 1}.");
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"text {{ {Text} }}, vision {{ {Vision} }}, end tokens {ListText.Of(EosTokenIds)}";
}
