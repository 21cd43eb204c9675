using StarKV.Files;
using StarKV.Input;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV.Models;

/// <summary>
/// What the published models of one <c>model_type</c> share apart from their sizes: positions, chat format, wording, action language,
/// coordinates.
/// </summary>
/// <remarks>
/// The tensors' names need no entry (<see cref="WeightNames"/>), nor does the tokenizer: the folder's files tell
/// (<see cref="QwenTokenizer.LoadFolder"/>).
/// </remarks>
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

    /// <value>What the numbers in an answer count.</value>
    public required CoordinateConvention Coordinates { get; init; }

    /// <value>The field of <c>config.json</c> that holds the id of a vision token.</value>
    public required string ImageTokenField { get; init; }

    /// <value>Ids that hold where <c>config.json</c> names none.</value>
    public required ImageTokenIds ImageTokens { get; init; }

    /// <value>How screenshots are resized and normalised where the folder does not say; default Qwen2.5-VL's.</value>
    public PreprocessorConfig Pixels { get; init; } = new();

    /// <value>Reads the fields of the architecture.</value>
    internal Func<JsonFields, ModelFamily, ModelConfig> Read { get; init; } = (_, family) =>
        throw new NotSupportedException($"The family {family.ModelType} names no architecture.");
}

/// <summary>The tokens around and in place of images.</summary>
/// <param name="Pad">Stands for one merged image token.</param>
/// <param name="Video">Stands for one merged video token.</param>
/// <param name="Start">Precedes an image.</param>
/// <param name="End">Follows an image.</param>
public sealed record ImageTokenIds(int Pad, int Video, int Start, int End);
