using StarKV.Decode;
using StarKV.Server.Errors;

namespace StarKV.Server.Reading;

/// <summary>Reads how an answer is to be written, and refuses what is understood but not offered.</summary>
internal static class SamplingFields
{
    private const int DefaultTokens = 512, MaxStops = 4, MaxStopLength = 64;

    private static readonly string[] s_lengths = ["max_completion_tokens", "max_output_tokens", "max_tokens"];
    private static readonly string[] s_never = ["logprobs", "top_logprobs", "logit_bias"];
    private static readonly string[] s_penalties = ["frequency_penalty", "presence_penalty"];

    /// <summary>Reads the fields.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="limits">The server's limits.</param>
    /// <exception cref="ApiException">A value is wrong, or not offered.</exception>
    public static GenerationOptions Read(Field body, RequestLimits limits)
    {
        Refuse(body);
        return new GenerationOptions
        {
            MaxNewTokens = Length(body, limits),
            Temperature = body["temperature"].Number(2) ?? 0,
            TopP = body["top_p"].Number(1, aboveZero: true) ?? 1,
            // Clients send seeds of 64 bits.
            Seed = body["seed"].Whole(long.MinValue, long.MaxValue) is { } seed ? unchecked((int)(seed ^ (seed >> 32))) : 0,
            StopStrings = Stops(body["stop"]),
        };
    }

    private static int Length(Field body, RequestLimits limits)
    {
        var asked = s_lengths.Select(name => body[name]).FirstOrDefault(f => !f.IsAbsent);
        return (int)Math.Min(asked.Whole(1, int.MaxValue) ?? DefaultTokens, limits.AnswerTokens);
    }

    private static string[] Stops(Field stop)
    {
        if (stop.IsAbsent)
            return [];
        Field[] fields = stop.IsText ? [stop] : [.. stop.Items()];
        return fields.Length <= MaxStops && fields.All(f => f.IsText && f.Text().Length is >= 1 and <= MaxStopLength)
            ? [.. fields.Select(f => f.Text())]
            : throw stop.Wrong($"a text or up to {MaxStops} texts, of 1 to {MaxStopLength} characters each");
    }

    private static void Refuse(Field body)
    {
        if (body["n"].Whole(1, int.MaxValue) is > 1)
            throw body["n"].Unsupported("Ask once for each answer.");
        foreach (var field in s_never.Select(name => body[name]).Where(f => !f.IsAbsent && !IsNothing(f)))
            throw field.Unsupported("Leave it out.");
        foreach (var field in s_penalties.Select(name => body[name]).Where(f => !f.IsAbsent && !IsZero(f)))
            throw field.Unsupported("Leave it out, or send 0.");
        foreach (var name in new[] { "tools", "functions" })
            RefuseTools(body[name]);
        var choice = body["tool_choice"];
        if (!choice.IsAbsent && !(choice.IsText && choice.Text() is "auto" or "none"))
            throw choice.Unsupported("Answers are text that holds an action; leave it out, or send \"none\".");
        RefuseFormat(body["response_format"]);
        RefuseFormat(body["text"]["format"]);
        if (body["background"].Flag())
            throw body["background"].Unsupported("Wait for the answer, or stream it.");
    }

    private static void RefuseTools(Field tools)
    {
        if (tools.IsAbsent)
            return;
        foreach (var tool in tools.Items())
        {
            var name = new[] { tool["function"]["name"], tool["name"], tool["type"] }.FirstOrDefault(f => f.IsText);
            throw ApiException.Invalid(
                "unsupported_tool",
                $"{tool.Path} is the tool {(name.IsText ? name.Text() : "without a name")}; answers are text that holds an action, and "
                    + "no tool is called. Leave the tools out.",
                tool.Path);
        }
    }

    private static void RefuseFormat(Field format)
    {
        if (!format.IsAbsent && !(format["type"].IsText && format["type"].Text() == "text"))
            throw format.Unsupported("Answers are free text; leave it out, or send {\"type\":\"text\"}.");
    }

    private static bool IsNothing(Field field) => field.Element.ValueKind switch
    {
        System.Text.Json.JsonValueKind.False => true,
        System.Text.Json.JsonValueKind.Object => !field.Element.EnumerateObject().Any(),
        _ => IsZero(field),
    };

    private static bool IsZero(Field field) =>
        field.Element.ValueKind == System.Text.Json.JsonValueKind.Number && field.Element.TryGetDouble(out var value) && value == 0;
}
