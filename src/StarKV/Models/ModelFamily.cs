using StarKV.Files;
using StarKV.Models.Qwen25Vl;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV.Models;

/// <summary>What the published models of one <c>model_type</c> share beside their sizes: positions, chat format, wording, action language.</summary>
/// <remarks>The tensors' names need no entry (<see cref="WeightNames"/>), nor does the tokenizer: the folder's files tell (<see cref="QwenTokenizer.LoadFolder"/>).</remarks>
public sealed record ModelFamily
{
    /// <value>The <c>model_type</c> of <c>config.json</c>.</value>
    public required string ModelType { get; init; }

    /// <value>The published models, for readers.</value>
    public required string Members { get; init; }

    /// <value>What a rotary position counts.</value>
    public required RopeKind Rope { get; init; }

    /// <value>How conversations are written.</value>
    public required ChatFormat Chat { get; init; }

    /// <value>The name of the prompt style for a folder that names none.</value>
    public required string Prompt { get; init; }

    /// <value>The form of the actions, unless the prompt asks for another.</value>
    public required ActionLanguage Actions { get; init; }

    /// <value>The field of <c>config.json</c> that holds the id of a vision token.</value>
    public required string ImageTokenField { get; init; }

    /// <value>Ids that hold where <c>config.json</c> names none.</value>
    public required ImageTokenIds ImageTokens { get; init; }

    /// <summary>Qwen2.5-VL and UI-TARS-1.5.</summary>
    public static ModelFamily Qwen25Vl { get; } = new()
    {
        ModelType = "qwen2_5_vl",
        Members = "Qwen2.5-VL, UI-TARS-1.5",
        Rope = RopeKind.MRope,
        Chat = ChatFormat.Qwen,
        Prompt = "uitars.grounding",
        Actions = ActionLanguage.UiTars,
        ImageTokenField = "image_token_id",
        ImageTokens = new ImageTokenIds(Pad: 151655, Video: 151656, Start: 151652, End: 151653),
    };

    /// <summary>OpenCUA: the vision tower of Qwen2.5-VL, a Qwen2 decoder with 1-D RoPE, the added tokens and the chat format of the Kimi models.</summary>
    /// <remarks>Source: the published configuration and weight names. What is inferred stands in docs/checkpoints.md.</remarks>
    public static ModelFamily OpenCua { get; } = new()
    {
        ModelType = "opencua",
        Members = "OpenCUA",
        Rope = RopeKind.OneDimensional,
        Chat = ChatFormat.OpenCua,
        Prompt = "opencua.grounding",
        Actions = ActionLanguage.OpenCua,
        ImageTokenField = "media_placeholder_token_id",
        ImageTokens = new ImageTokenIds(Pad: 151664, Video: 151664, Start: 151661, End: 151663),
    };

    /// <summary>Every family that can be run.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } = [Qwen25Vl, OpenCua];

    /// <summary>The family that a <c>config.json</c> names.</summary>
    /// <exception cref="StarKvException">It names none of them.</exception>
    internal static ModelFamily Of(JsonFields config)
    {
        var type = config.Text("model_type");
        return All.FirstOrDefault(family => family.ModelType == type) ?? throw config.Error(
            $"model_type is {MessageText.Name(type ?? "missing")}; supported are {string.Join(", ", All.Select(family => $"{family.ModelType} ({family.Members})"))}.");
    }
}

/// <summary>The tokens around and in place of images.</summary>
/// <param name="Pad">Stands for one merged image token.</param>
/// <param name="Video">Stands for one merged video token.</param>
/// <param name="Start">Stands before an image.</param>
/// <param name="End">Stands behind an image.</param>
public sealed record ImageTokenIds(int Pad, int Video, int Start, int End);
