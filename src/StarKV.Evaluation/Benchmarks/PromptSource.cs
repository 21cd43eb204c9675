using System.Security.Cryptography;
using StarKV.Files;
using StarKV.Text;

namespace StarKV.Evaluation.Benchmarks;

/// <summary>The prompt texts that benchmarks ask for by id: those of the user's file first, then the shipped ones.</summary>
/// <remarks>Thread-safe: it does not change once it has been read.</remarks>
public sealed class PromptSource
{
    private readonly Dictionary<string, string> _texts = [];

    /// <summary>The shipped texts alone.</summary>
    public static PromptSource Shipped { get; } = new();

    /// <summary>The first 16 hex digits of SHA-256 over the user's file; null without one.</summary>
    public string? Fingerprint { get; private init; }

    /// <summary>Reads a file of the form <c>{"prompts":[{"id":"…","text":"…"}]}</c>.</summary>
    /// <exception cref="StarKvException">The file cannot be read or has another form.</exception>
    public static PromptSource Of(string file)
    {
        try
        {
            var bytes = PlainFile.ReadAllBytes(file);
            var source = new PromptSource { Fingerprint = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16] };
            var root = JsonFields.OfRow(JsonFile.Value(bytes, "it"));
            foreach (var item in root.Has("prompts") ? root.List("prompts") : throw root.Missing("prompts"))
                source._texts[item.RequiredText("id")] = item.RequiredText("text");
            return source;
        }
        catch (Exception e) when (e is StarKvException or InvalidOperationException)
        {
            throw new StarKvException(
                $"the prompt texts {file} cannot be read: {e.Message} The form is {{\"prompts\":[{{\"id\":\"…\",\"text\":\"…\"}}]}}.", e);
        }
    }

    /// <summary>A text, byte for byte, with its placeholders.</summary>
    /// <exception cref="StarKvException">It is in neither place.</exception>
    public string Get(string id) => _texts.GetValueOrDefault(id) ?? PromptTexts.Find(id)
        ?? throw new StarKvException(
            $"the prompt text {id} is not shipped, because its licence forbids commercial use; "
                + $"give it with --prompts FILE, or take --profile strict, which does not need it.");
}
