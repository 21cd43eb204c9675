using System.Globalization;
using Microsoft.Extensions.Options;
using StarKV.Budget;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV.Extensions.AI.Services;

/// <summary>Checks a configuration before anything is loaded: every message names the key, its value and what is accepted.</summary>
/// <param name="name">The name of the options that are checked.</param>
/// <param name="section">What stands before the keys.</param>
internal sealed class StarKvOptionsValidation(string name, string section) : IValidateOptions<StarKvOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? asked, StarKvOptions options)
    {
        if (asked != name)
            return ValidateOptionsResult.Skip;
        var (failures, conversations) = (new List<string>(), options.Conversations);
        Check(nameof(options.Model), options.Model, () => Folder(options.Model));
        Check(nameof(options.Device), options.Device, () => OneOf(IsDevice(options.Device), "auto, cpu, cuda or cuda:n"));
        Check(
            nameof(options.DType), options.DType,
            () => OneOf(options.DType is "auto" or "float32" or "bfloat16", "auto, float32 or bfloat16"));
        Check(nameof(options.ScreenCacheBytes), options.ScreenCacheBytes, () => OneOf(options.ScreenCacheBytes >= 0, "0 or more"));
        Check(nameof(options.Method), options.Method, () => OwnProperties.MethodOf(options.Method));
        Check(nameof(options.Keep), options.Keep, () => KvBudget.Parse(options.Keep));
        Check(nameof(options.Prompt), options.Prompt, () => options.Prompt is null ? null : PromptStyle.Get(options.Prompt));
        Check(
            nameof(options.MaxOutputTokens), options.MaxOutputTokens, () => OneOf(options.MaxOutputTokens is >= 1 and <= 32768, "1 to 32768"));
        Check(nameof(options.Engine), "not accepted", () => options.Engine.Bounded());
        Check("Conversations:Most", conversations.Most, () => OneOf(conversations.Most >= 1, "1 or more"));
        Check(
            "Conversations:IdleTime", conversations.IdleTime,
            () => OneOf(
                conversations.IdleTime > TimeSpan.Zero && conversations.IdleTime <= TimeSpan.FromDays(40), "above 0 and at most 40 days"));
        Check("Conversations:HostBytes", conversations.HostBytes, () => OneOf(conversations.HostBytes >= 0, "0 or more"));
        Check("Conversations:FrameWindow", conversations.FrameWindow, () => OneOf(conversations.FrameWindow is null or >= 1, "1 or more"));
        Check(
            "Conversations:AnswerWindow", conversations.AnswerWindow, () => OneOf(conversations.AnswerWindow is null or >= 0, "0 or more"));
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;

        void Check(string key, object? value, Func<object?> read)
        {
            try
            {
                _ = read();
            }
            catch (StarKvException e)
            {
                failures.Add($"{section}:{key} is {Convert.ToString(value, CultureInfo.InvariantCulture)}: {e.Message}");
            }
        }
    }

    private static bool IsDevice(string device) => device is "auto" or "cpu" or "cuda"
        || (device.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(device.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static object? OneOf(bool holds, string accepted) => holds ? null : throw new StarKvException($"it must be {accepted}.");

    private static string Folder(string model)
    {
        if (string.IsNullOrWhiteSpace(model))
            throw new StarKvException("name a model's folder, or ORG/NAME of a model that starkv pull fetched.");
        var folder = HubCache.Resolve(model);
        return Directory.Exists(folder) ? folder : throw new StarKvException($"there is no folder {folder}.");
    }
}
