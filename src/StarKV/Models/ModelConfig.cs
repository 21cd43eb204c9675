using System.Collections.Immutable;
using System.Text;
using StarKV.Files;
using StarKV.Input;
using StarKV.Runtime;
using StarKV.Weights;

namespace StarKV.Models;

/// <summary>What <c>config.json</c> says of a model; each architecture adds what its vision tower needs.</summary>
/// <param name="Text">The text decoder.</param>
/// <param name="Family">What the model shares with its family.</param>
public abstract record ModelConfig(TextConfig Text, ModelFamily Family)
{
    /// <value>The token that stands for one merged image token; default that of the family.</value>
    public int ImageTokenId { get; init; } = Family.ImageTokens.Pad;

    /// <value>The token that stands for one merged video token; default that of the family.</value>
    public int VideoTokenId { get; init; } = Family.ImageTokens.Video;

    /// <value>The token before an image; default that of the family.</value>
    public int VisionStartTokenId { get; init; } = Family.ImageTokens.Start;

    /// <value>The token after an image; default that of the family.</value>
    public int VisionEndTokenId { get; init; } = Family.ImageTokens.End;

    /// <value>Tokens that end an answer; those of <c>generation_config.json</c> if it names any; may be empty.</value>
    public ImmutableArray<int> EosTokenIds { get; init; } = [];

    /// <summary>Reads a model folder's <c>config.json</c>, and its <c>generation_config.json</c> for the end tokens.</summary>
    /// <exception cref="StarKvException">The file is missing or not valid, or describes a model that cannot be run.</exception>
    public static ModelConfig Load(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        var root = JsonFile.ReadIfPresent(path) ?? throw new StarKvException($"There is no {path}. Give the folder of a downloaded model.");
        return Read(root) with { EosTokenIds = GenerationConfig.Load(folder).EosTokenIds };
    }

    /// <summary>Reads the text of a <c>config.json</c>.</summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="source">Names the text in errors.</param>
    /// <exception cref="StarKvException">The text is not valid, or describes a model that cannot be run.</exception>
    public static ModelConfig Parse(string json, string source = "config.json") =>
        Read(JsonFile.Parse(Encoding.UTF8.GetBytes(json), source));

    private static ModelConfig Read(JsonFields root)
    {
        var family = ModelRegistry.FamilyOf(root);
        var config = family.Read(root, family);
        config = config with
        {
            ImageTokenId = TokenId(root, family.ImageTokenField, family.ImageTokens.Pad, config.Text),
            VideoTokenId = TokenId(root, "video_token_id", family.ImageTokens.Video, config.Text),
            VisionStartTokenId = TokenId(root, "vision_start_token_id", family.ImageTokens.Start, config.Text),
            VisionEndTokenId = TokenId(root, "vision_end_token_id", family.ImageTokens.End, config.Text),
            EosTokenIds = GenerationConfig.ReadEos(root),
        };
        return config.EosTokenIds.FirstOrDefault(id => id >= config.Text.VocabSize, -1) is >= 0 and var end
            ? throw root.Error($"eos_token_id names {end}, but the vocabulary ends at {config.Text.VocabSize - 1}.")
            : config;
    }

    private static int TokenId(JsonFields root, string name, int missing, TextConfig text)
    {
        var id = (int)root.Whole(name, missing, 0, int.MaxValue);
        return id < text.VocabSize || !root.Has(name)
            ? id
            : throw root.Error($"{name} is {id}, but the vocabulary ends at {text.VocabSize - 1}.");
    }

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() => $"{Family.ModelType}, text {{ {Text} }}, end tokens {ListText.Of(EosTokenIds)}";

    /// <summary>Makes the model from any source of weights; a random one serves to time a shape.</summary>
    /// <param name="pixels">How screenshots are resized and normalised.</param>
    /// <param name="compute">Device and number type.</param>
    /// <param name="weights">Gives the weights.</param>
    public abstract IVisionLanguageModel Create(PreprocessorConfig pixels, Compute compute, IWeightSource weights);

    /// <summary>Numbers in the vision tower's weights, as the engine holds them.</summary>
    public abstract long VisionNumbers { get; }

    /// <summary>Bytes that encoding screenshots takes at its fullest moment, without the weights and the finished features.</summary>
    /// <param name="size">The patch grid of the screenshots.</param>
    /// <param name="count">Screenshots encoded together.</param>
    /// <param name="numberBytes">Bytes of a number.</param>
    public abstract long EncodingBytes(PatchGrid size, int count, int numberBytes);

    /// <summary>Bytes of a screenshot's features: its embeddings, and what is added in later layers.</summary>
    /// <param name="size">The screenshot's patch grid.</param>
    /// <param name="numberBytes">Bytes of a number.</param>
    public abstract long FeatureBytes(PatchGrid size, int numberBytes);
}
