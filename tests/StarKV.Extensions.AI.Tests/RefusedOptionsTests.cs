using Microsoft.Extensions.AI;
using StarKV.Decode;

namespace StarKV.Extensions.AI.Tests;

#pragma warning disable MEAI001 // What is experimental there must not be ignored either.

/// <summary>Every option of a call is honoured or refused by name.</summary>
[Collection(MiniChatTests.Name)]
public sealed class RefusedOptionsTests(MiniChat mini)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, (Action<ChatOptions> Set, string Refusal)> s_refused = new()
    {
        ["Tools"] = (o => o.Tools = [AIFunctionFactory.Create(() => 1, "one")], "ChatOptions.Tools cannot be honoured: the model calls no functions;"),
        ["ToolMode"] = (o => o.ToolMode = ChatToolMode.RequireAny, "ChatOptions.ToolMode cannot be honoured: the model calls no functions;"),
        ["ResponseFormat"] = (o => o.ResponseFormat = ChatResponseFormat.Json, "ChatOptions.ResponseFormat cannot be honoured: the model writes text,"),
        ["FrequencyPenalty"] = (o => o.FrequencyPenalty = 0.5f, "ChatOptions.FrequencyPenalty cannot be honoured: there is a repetition penalty instead"),
        ["PresencePenalty"] = (o => o.PresencePenalty = -1, "ChatOptions.PresencePenalty cannot be honoured: there is a repetition penalty instead"),
        ["Reasoning"] = (o => o.Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High }, "ChatOptions.Reasoning cannot be honoured: the prompt style decides"),
        ["ModelId"] = (o => o.ModelId = "gpt", "ChatOptions.ModelId cannot be honoured: the client answers with 'mini', not 'gpt'."),
        ["Seed"] = (o => o.Seed = 1L << 40, "ChatOptions.Seed cannot be honoured: it is 1099511627776; it must fit into 32 bits."),
        ["AllowBackgroundResponses"] = (o => o.AllowBackgroundResponses = true, "ChatOptions.AllowBackgroundResponses cannot be honoured:"),
        ["ContinuationToken"] = (o => o.ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }), "ChatOptions.ContinuationToken cannot be honoured:"),
        ["RawRepresentationFactory"] = (o => o.RawRepresentationFactory = _ => new SessionOptions(), "ChatOptions.RawRepresentationFactory cannot be honoured:"),
    };

    /// <summary>What other tests show to be honoured; the first has no meaning without functions.</summary>
    private static readonly string[] s_honoured =
    [
        "AllowMultipleToolCalls", "AdditionalProperties", "ConversationId", "Instructions", "MaxOutputTokens", "StopSequences", "Temperature", "TopK", "TopP",
    ];

    public static TheoryData<string> Refused => [.. s_refused.Keys];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_be_done_is_refused(string option)
    {
        using var client = mini.Client();
        var options = new ChatOptions();
        s_refused[option].Set(options);
        var messages = Talk.Messages(MiniSample.Of("text_0"));
        var refusal = await Talk.Refusal(() => client.GetResponseAsync(messages, options, Stop));
        Assert.StartsWith(s_refused[option].Refusal, refusal, StringComparison.Ordinal);
        Assert.EndsWith(" Leave it out.", refusal, StringComparison.Ordinal);
        Assert.Equal(refusal, await Talk.Refusal(() => client.GetStreamingResponseAsync(messages, options, Stop).All()));
    }

    [Fact]
    public void No_option_is_forgotten() =>
        Assert.Equal(
            typeof(ChatOptions).GetProperties().Where(p => p.GetIndexParameters().Length == 0).Select(p => p.Name).Order(StringComparer.Ordinal),
            s_refused.Keys.Concat(s_honoured).Order(StringComparer.Ordinal));

    [Fact]
    public async Task What_asks_for_nothing_is_accepted()
    {
        using var client = mini.Client();
        var options = new ChatOptions
        {
            Tools = [],
            ToolMode = ChatToolMode.Auto,
            ResponseFormat = ChatResponseFormat.Text,
            FrequencyPenalty = 0,
            PresencePenalty = 0,
            Reasoning = new ReasoningOptions(),
            ModelId = "mini",
            AllowBackgroundResponses = false,
            ConversationId = "",
            AdditionalProperties = new() { ["others.key"] = 1, ["starkv.keep"] = null },
        };
        var response = await client.GetResponseAsync(Talk.Messages(MiniSample.Of("text_0")), options, Stop);
        var expected = await client.GetResponseAsync(Talk.Messages(MiniSample.Of("text_0")), null, Stop);
        Assert.Equal(expected.Answer().Tokens, response.Answer().Tokens);
    }

    [Theory]
    [InlineData("starkv.keep", "150%", "AdditionalProperties['starkv.keep'] is '150%': keep is 150 %;")]
    [InlineData("starkv.keep", 0.5, null)]
    [InlineData("STARKV.KEEP", "50%", null)]
    [InlineData("starkv.method", "snap", "AdditionalProperties['starkv.method'] is 'snap': method 'snap' is unknown;")]
    [InlineData("starkv.method", "snapkv:kernel", "AdditionalProperties['starkv.method'] is 'snapkv:kernel': kernel is not of the form option=value.")]
    [InlineData("starkv.method", "snapkv:kernel=x", "AdditionalProperties['starkv.method'] is 'snapkv:kernel=x':")]
    [InlineData("starkv.prompt", "nobody", "AdditionalProperties['starkv.prompt'] is 'nobody': There is no prompt style")]
    [InlineData("starkv.prompt", "file:/etc/passwd", "AdditionalProperties['starkv.prompt'] is 'file:/etc/passwd': a call names a style that is built in;")]
    [InlineData("starkv.position", "2", "AdditionalProperties['starkv.position'] is '2': it must be first, last, opening.")]
    [InlineData("starkv.storage", "lossless", "AdditionalProperties['starkv.storage'] is about conversations;")]
    [InlineData("starkv.budget", "20%", "AdditionalProperties has 'starkv.budget', which StarKV does not know; known are starkv.method, starkv.keep,")]
    public async Task Own_properties_are_read_or_refused(string key, object value, string? refusal)
    {
        using var client = mini.Client();
        var options = new ChatOptions { AdditionalProperties = new() { [key] = value } };
        Task<ChatResponse> Ask() => client.GetResponseAsync(Talk.Messages(MiniSample.Of("text_0")), options, Stop);
        if (refusal is not null)
            Assert.StartsWith(refusal, await Talk.Refusal(Ask), StringComparison.Ordinal);
        else
            Assert.InRange((await Ask()).Answer().Kv.KeptShare, 0.49, 0.5);
    }

    [Fact]
    public async Task A_value_out_of_bounds_is_the_engines_refusal()
    {
        using var client = mini.Client();
        var refusal = await Talk.Refusal(() => client.GetResponseAsync(Talk.Messages(MiniSample.Of("text_0")), new ChatOptions { MaxOutputTokens = 0 }, Stop));
        Assert.Equal("max-new-tokens is 0; it must be 1 to 32768.", refusal);
    }

    [Fact]
    public void The_clients_own_options_have_bounds()
    {
        Refused("The chat client's MaxConversations is 0; it must be 1 or more.", new() { MaxConversations = 0 });
        Refused("The chat client's ConversationIdleTime is 00:00:00; it must be above 0 and at most 40 days.", new() { ConversationIdleTime = TimeSpan.Zero });
        Refused("The chat client's Answers.PastActions is not empty; it must be empty: earlier answers are messages.", new() { Answers = new() { PastActions = ["wait()"] } });
        Refused("The chat client's Answers is null; it must be set.", new() { Answers = null! });
        Refused("The chat client's Images is null; it must be set.", new() { Images = null! });
        Refused("max-new-tokens is 0; it must be 1 to 32768.", new() { Answers = new() { Generation = new GenerationOptions { MaxNewTokens = 0 } } });

        void Refused(string refusal, StarKvChatOptions options) => Assert.Equal(refusal, Assert.Throws<StarKvException>(() => mini.Client(options)).Message);
    }
}
