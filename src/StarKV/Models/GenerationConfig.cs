using System.Collections.Immutable;
using System.Globalization;
using StarKV.Files;

namespace StarKV.Models;

/// <summary>How the publisher of a model suggests to choose tokens: <c>generation_config.json</c>.</summary>
public sealed record GenerationConfig
{
    /// <value>Tokens that end an answer; those of <c>config.json</c> when the file does not name any; may be empty.</value>
    public ImmutableArray<int> EosTokenIds { get; init; } = [];

    /// <value>The token that fills up short rows; null when none is named.</value>
    public int? PadTokenId { get; init; }

    /// <value>Divides the logits of tokens already seen, from 0.01 to 100; default 1.0, no penalty.</value>
    public double RepetitionPenalty { get; init; } = 1.0;

    /// <value>Divides the logits before sampling, from 0 to 100; default 1.0. 0 means the most likely token.</value>
    public double Temperature { get; init; } = 1.0;

    /// <value>Share of the probability mass to sample from, 0–1; default 1.0, all of it.</value>
    public double TopP { get; init; } = 1.0;

    /// <value>Number of most likely tokens to sample from; default 50; 0 means all.</value>
    public int TopK { get; init; } = 50;

    /// <value>True to sample, false (default) to take the most likely token.</value>
    public bool DoSample { get; init; }

    /// <value>Most tokens to generate; null when the file does not say.</value>
    public int? MaxNewTokens { get; init; }

    /// <summary>Reads a model folder's <c>generation_config.json</c>; without that file every value has its default.</summary>
    /// <remarks>End tokens come from <c>config.json</c>, if it exists, when <c>generation_config.json</c> names none.</remarks>
    /// <exception cref="StarKvException">
    /// A file is not valid, a value is outside its bounds, or a token is beyond the vocabulary of <c>config.json</c>.
    /// </exception>
    public static GenerationConfig Load(string folder)
    {
        var file = JsonFile.ReadIfPresent(Path.Combine(folder, "generation_config.json"));
        var config = file is null ? new GenerationConfig() : Read(file);
        var modelFile = Path.Combine(folder, "config.json");
        if (JsonFile.ReadIfPresent(modelFile) is not { } model)
            return config;
        if (file is not null)
            config.CheckTokens(file, model, modelFile);
        return config.EosTokenIds.IsEmpty ? config with { EosTokenIds = ReadEos(model) } : config;
    }

    /// <summary>Reads the end tokens of a <c>config.json</c>, at the top level or in its text part; empty when there are none.</summary>
    internal static ImmutableArray<int> ReadEos(JsonFields config) =>
        Eos(config) ?? (config.Object("text_config") is { } text ? Eos(text) : null) ?? [];

    private void CheckTokens(JsonFields file, JsonFields model, string modelFile)
    {
        if ((model.Object("text_config") ?? model).WholeOrNull("vocab_size", 1, int.MaxValue) is not { } rows)
            return;
        if (EosTokenIds.FirstOrDefault(id => id >= rows, -1) is >= 0 and var end)
            throw file.Error($"eos_token_id names {end}, but {modelFile} has a vocabulary of {rows:N0} tokens (vocab_size). " +
                $"Take both files of the same model.");
        if (PadTokenId >= rows)
            throw file.Error($"pad_token_id is {PadTokenId}, but {modelFile} has a vocabulary of {rows:N0} tokens (vocab_size). " +
                $"Take both files of the same model.");
    }

    private static GenerationConfig Read(JsonFields file) => new()
    {
        EosTokenIds = Eos(file) ?? [],
        PadTokenId = (int?)file.WholeOrNull("pad_token_id", 0, int.MaxValue),
        RepetitionPenalty = file.Number("repetition_penalty", 1.0, 0.01, 100),
        Temperature = file.Number("temperature", 1.0, 0, 100),
        TopP = file.Number("top_p", 1.0, 0, 1),
        TopK = (int)file.Whole("top_k", 50, 0, int.MaxValue),
        DoSample = file.Flag("do_sample", false),
        MaxNewTokens = (int?)file.WholeOrNull("max_new_tokens", 1, int.MaxValue),
    };

    private static ImmutableArray<int>? Eos(JsonFields fields) => fields.Wholes("eos_token_id", 0, int.MaxValue);

    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"end tokens {ListText.Of(EosTokenIds)}, sampled {DoSample}, " +
            $"temperature {Temperature}, " +
            $"top-p {TopP}, top-k {TopK}, repetition penalty {RepetitionPenalty}");
}
