using System.Globalization;
using Microsoft.Extensions.Options;
using StarKV.Budget;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV.Extensions.AI.Services;

/// <summary>Checks a configuration before anything is loaded: every message names the key, its value and what is accepted.</summary>
/// <param name="name">The name of the options that are checked.</param>
/// <param name="section">What stands before the keys.</param>
internal sealed class ServiceOptionsValidation(string name, string section) : IValidateOptions<StarKvServiceOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? asked, StarKvServiceOptions options)
    {
        if (asked != name)
            return ValidateOptionsResult.Skip;
        var (failures, kept) = (new List<string>(), options.Conversations);
        Read("Model", options.Model, () => Folder(options.Model));
        Bound("Device", options.Device, IsDevice(options.Device), "auto, cpu, cuda or cuda:n");
        Bound("DType", options.DType, options.DType is "auto" or "float32" or "bfloat16", "auto, float32 or bfloat16");
        Bound("ScreenCacheBytes", options.ScreenCacheBytes, options.ScreenCacheBytes >= 0, "0 or more");
        Read("Method", options.Method, () => OwnProperties.MethodOf(options.Method));
        Read("Keep", options.Keep, () => KvBudget.Parse(options.Keep));
        if (options.Prompt is { } prompt)
            Read("Prompt", prompt, () => PromptStyle.Get(prompt));
        Bound("MaxOutputTokens", options.MaxOutputTokens, options.MaxOutputTokens is >= 1 and <= 32768, "1 to 32768");
        Read("Engine", "not accepted", () => options.Engine.Bounded());
        Bound("Conversations:Most", kept.Most, kept.Most >= 1, "1 or more");
        var idles = kept.IdleTime > TimeSpan.Zero && kept.IdleTime <= StarKvChatOptions.LongestIdleTime;
        Bound("Conversations:IdleTime", kept.IdleTime, idles, $"above 0 and at most {StarKvChatOptions.LongestIdleTime.Days} days");
        Bound("Conversations:HostBytes", kept.HostBytes, kept.HostBytes >= 0, "0 or more");
        Bound("Conversations:FrameWindow", kept.FrameWindow, kept.FrameWindow is null or >= 1, "1 or more");
        Bound("Conversations:AnswerWindow", kept.AnswerWindow, kept.AnswerWindow is null or >= 0, "0 or more");
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;

        void Bound(string key, object? value, bool holds, string accepted)
        {
            if (!holds)
                Fail(key, value, $"it must be {accepted}.");
        }

        void Read(string key, string value, Func<object> read)
        {
            try
            {
                _ = read();
            }
            catch (StarKvException e)
            {
                Fail(key, value, e.Message);
            }
        }

        void Fail(string key, object? value, string why) =>
            failures.Add($"{section}:{key} is {Convert.ToString(value, CultureInfo.InvariantCulture)}: {why}");
    }

    private static bool IsDevice(string device) => device is "auto" or "cpu" or "cuda"
        || (device.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(device.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static string Folder(string model)
    {
        if (string.IsNullOrWhiteSpace(model))
            throw new StarKvException("name a model's folder, or ORG/NAME of a model that starkv pull fetched.");
        var folder = HubCache.Resolve(model);
        return Directory.Exists(folder) ? folder : throw new StarKvException($"there is no folder {folder}.");
    }
}
