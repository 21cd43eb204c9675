using StarKV.Files;
using StarKV.Models;
using StarKV.Runtime;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV;

/// <summary>What an agent is made of; whoever takes it frees the model on the thread, and then the thread.</summary>
/// <param name="Thread">The thread that alone touches the model.</param>
/// <param name="Model">The model.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="Generation">How it wants to write answers.</param>
/// <param name="Prompt">The prompt used when none is chosen.</param>
/// <param name="Identity">What tells the model from others.</param>
internal sealed record LoadedModel(
    InferenceThread Thread, IVisionLanguageModel Model, QwenTokenizer Tokenizer, GenerationConfig Generation, PromptStyle Prompt,
    string Identity)
{
    /// <value>What reports call the model; default its identity.</value>
    public string Name { get; init; } = Identity;

    /// <summary>Loads a folder; where it fails, nothing of it stays.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="device">The device, by name.</param>
    /// <param name="type">The number type, by name.</param>
    /// <param name="progress">Told of every tensor read; null for nobody.</param>
    /// <param name="cancellation">Ends the loading within one tensor.</param>
    /// <exception cref="StarKvMemoryException">The model does not fit into the memory of the host or the card.</exception>
    /// <exception cref="StarKvException">The folder, a file, the device or libtorch is not as it must be.</exception>
    public static LoadedModel Of(
        string folder, string device, string type, IProgress<LoadProgress>? progress, CancellationToken cancellation)
    {
        // Text and tensors are read side by side; the checkpoint's errors come first, since it also names a missing folder.
        Task<QwenTokenizer>? text = null;
        return Of(
            thread =>
            {
                text = Task.Run(() => QwenTokenizer.LoadFolder(folder));
                return thread.Run(() => MemoryShortage.Guard($"the model in {folder}", MemoryShortage.SmallerModel, () =>
                {
                    var compute = Compute.Choose(device, type);
                    TorchOps.WarmUp();
                    return ModelRegistry.LoadWithIdentity(folder, compute, progress, cancellation);
                }), cancellation);
            },
            () => text!.GetAwaiter().GetResult(),
            family => (GenerationConfig.Load(folder), PromptOf(folder, family)));
    }

    /// <summary>Takes a model that is made on the thread; where it fails, nothing of it stays.</summary>
    /// <param name="create">Makes the model; called on the thread.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="identity">What tells the model from others.</param>
    /// <exception cref="StarKvMemoryException">The model does not fit into the memory of the host or the card.</exception>
    /// <exception cref="StarKvException">The tokenizer does not fit it.</exception>
    public static LoadedModel Of(Func<IVisionLanguageModel> create, QwenTokenizer tokenizer, string identity) => Of(
        thread => thread.Run(() => MemoryShortage.Guard("the model", MemoryShortage.SmallerModel, () =>
        {
            LibTorch.Load();
            TorchOps.WarmUp();
            return (create(), identity);
        })),
        () => tokenizer,
        family => (new GenerationConfig(), PromptStyle.Get(family.Prompt)));

    private static LoadedModel Of(
        Func<InferenceThread, (IVisionLanguageModel Model, string Identity)> make, Func<QwenTokenizer> text,
        Func<ModelFamily, (GenerationConfig Generation, PromptStyle Prompt)> words)
    {
        var thread = new InferenceThread("StarKV inference", typeof(GuiAgent));
        IVisionLanguageModel? model = null;
        try
        {
            (model, var identity) = make(thread);
            var tokenizer = text();
            tokenizer.CheckFits(model.Config.Text.VocabSize);
            ChatTemplate.Check(tokenizer, model.Config.Family.Chat);
            var (generation, prompt) = words(model.Config.Family);
            return new LoadedModel(thread, model, tokenizer, generation, prompt, identity);
        }
        catch
        {
            if (model is not null)
                thread.Run(model.Dispose, CancellationToken.None);
            thread.Dispose();
            throw;
        }
    }

    private static PromptStyle PromptOf(string folder, ModelFamily family) =>
        PromptStyle.Get(JsonFile.ReadIfPresent(Path.Combine(folder, "starkv.json"))?.Text("prompt") ?? family.Prompt);
}
