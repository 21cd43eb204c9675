using Microsoft.Extensions.AI;

namespace StarKV.Extensions.AI;

/// <summary>What a call may ask for in general and StarKV cannot do.</summary>
internal static class RefusedOptions
{
    private const string Actions = "its actions are text, which TryGetGroundingAnswer has parsed";
    private const string Penalty = "there is a repetition penalty instead, in the client's own options (Answers.Generation)";

    /// <summary>Refuses the first of them, by name.</summary>
    /// <param name="options">The call's options.</param>
    /// <param name="model">The name of the client's model.</param>
    /// <exception cref="StarKvException">There is one.</exception>
    public static void Check(ChatOptions options, string model)
    {
        Refuse(options.Tools is { Count: > 0 }, nameof(options.Tools), $"the model calls no functions; {Actions}");
        Refuse(options.ToolMode is RequiredChatToolMode, nameof(options.ToolMode), $"the model calls no functions; {Actions}");
        Refuse(
            options.ResponseFormat is not (null or ChatResponseFormatText), nameof(options.ResponseFormat),
            $"the model writes text, which nothing holds to a schema; {Actions}");
        Refuse(options.FrequencyPenalty is not (null or 0), nameof(options.FrequencyPenalty), Penalty);
        Refuse(options.PresencePenalty is not (null or 0), nameof(options.PresencePenalty), Penalty);
        Refuse(
            options.Reasoning is { Effort: not null } or { Output: not null }, nameof(options.Reasoning),
            "the prompt style decides whether the model thinks first");
        Refuse(
            options.ModelId is { } asked && asked != model, nameof(options.ModelId),
            $"the client answers with '{model}', not '{options.ModelId}'");
        Refuse(
            options.Seed is < int.MinValue or > int.MaxValue, nameof(options.Seed),
            FormattableString.Invariant($"it is {options.Seed}; it must fit into 32 bits"));
        Refuse(
            options.AllowBackgroundResponses == true, nameof(options.AllowBackgroundResponses),
            "an answer is given while it is waited for");
        Refuse(
            options.ContinuationToken is not null, nameof(options.ContinuationToken), "an answer that was left cannot be gone on with");
        Refuse(
            options.RawRepresentationFactory is not null, nameof(options.RawRepresentationFactory),
            "there is no other form of these options; say what is StarKV's in AdditionalProperties (StarKvProperties)");
    }

    private static void Refuse(bool isAsked, string name, string why)
    {
        if (isAsked)
            throw new StarKvException($"ChatOptions.{name} cannot be honoured: {why}. Leave it out.");
    }
}
