using System.Diagnostics;
using StarKV.Input;
using StarKV.Models;
using StarKV.Prefill;
using StarKV.Text;

namespace StarKV;

/// <summary>A request whose screenshots are resized and whose text is tokenised: ready to be read.</summary>
/// <param name="Request">The request.</param>
/// <param name="Images">The screenshots as the model sees them, oldest first.</param>
/// <param name="Prompt">The tokens.</param>
/// <param name="Answers">How the answer is laid out.</param>
/// <param name="Preprocess">The time that making it took.</param>
internal sealed record PreparedPrompt(
    Request Request, IReadOnlyList<ModelImage> Images, TokenMap Prompt, AnswerStyle Answers, TimeSpan Preprocess)
{
    /// <value>What each screenshot's size is to the user and to the model, oldest first; default those of the images.</value>
    public IReadOnlyList<ShownSize> Sizes { get; init; } = [.. Images.Select(i => i.Size)];

    /// <summary>How it is read.</summary>
    public PrefillOptions Reading => new()
    {
        ChunkTokens = Request.Options.ChunkTokens,
        AnswerRoom = Math.Min(Request.Options.Generation.MaxNewTokens, 64),
        MeasureSelection = Request.Options.MeasureTimes,
    };

    /// <summary>Prepares a request; on any thread.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The model that is to answer it; only its configuration is read.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="style">The prompt style where the request names none.</param>
    /// <param name="cancellation">Ends the work within a row of pixels per core.</param>
    public static PreparedPrompt Of(
        Request request, IVisionLanguageModel model, QwenTokenizer tokenizer, PromptStyle style, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        AgentArguments.CheckBounds(request.Options);
        style = request.Options.Prompt ?? style;
        var images = request.Screens.Select(s => s.ForModel(model.Pixels.Resize, cancellation)).ToList();
        cancellation.ThrowIfCancellationRequested();
        List<MergedGrid> grids = [.. images.Select(i => new MergedGrid(i.Grid.Rows, i.Grid.Columns))];
        var prompt = request.Content.Encode(tokenizer, model.Config.Family.Chat, style, grids);
        return new PreparedPrompt(request, images, prompt, style.Answers(model.Config.Family.Actions), watch.Elapsed);
    }
}
