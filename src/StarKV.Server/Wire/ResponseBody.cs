namespace StarKV.Server.Wire;

/// <summary>An answer in the responses dialect.</summary>
internal sealed record ResponseBody(string Id, long CreatedAt, string Model)
{
    /// <value>What it is.</value>
    public string Object { get; } = "response";

    /// <value><c>in_progress</c> (default), <c>completed</c>, <c>incomplete</c> or <c>cancelled</c>.</value>
    public string Status { get; init; } = "in_progress";

    /// <value>The message; none (default) while it is written.</value>
    public IReadOnlyList<ResponseMessage> Output { get; init; } = [];

    /// <value>What was counted; null (default) while it is written.</value>
    public ResponseUsage? Usage { get; init; }

    /// <value>Never one: what fails has no body of this kind.</value>
    public string? Error { get; }

    /// <value>Why the answer is not whole; null (default) where it is.</value>
    public IncompleteDetails? IncompleteDetails { get; init; }

    /// <value>The system's words; null (default) for none.</value>
    public string? Instructions { get; init; }

    /// <value>What the client wrote; default nothing.</value>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <value>The response before; null (default) for none.</value>
    public string? PreviousResponseId { get; init; }

    /// <value>Longest answer in tokens.</value>
    public int MaxOutputTokens { get; init; }

    /// <value>How freely tokens are drawn; default 0.</value>
    public double Temperature { get; init; }

    /// <value>The share of probability that is drawn among; default 1.</value>
    public double TopP { get; init; } = 1;

    /// <value>Whether it can be continued; default true.</value>
    public bool Store { get; init; } = true;

    /// <value>No tools are called.</value>
    public string ToolChoice { get; } = "none";

    /// <value>None.</value>
    public IReadOnlyList<string> Tools { get; } = [];

    /// <value>No tools are called at all.</value>
    public bool ParallelToolCalls { get; }

    /// <value>A conversation that is too long is refused.</value>
    public string Truncation { get; } = "disabled";

    /// <value>Answers are free text.</value>
    public ResponseText Text { get; } = new(new ResponseFormat("text"));
}

/// <summary>The form of an answer's text.</summary>
internal sealed record ResponseText(ResponseFormat Format);

/// <summary>What an answer's text is.</summary>
internal sealed record ResponseFormat(string Type);

/// <summary>Why an answer is not whole.</summary>
internal sealed record IncompleteDetails(string Reason);

/// <summary>The message of an answer.</summary>
internal sealed record ResponseMessage(string Id, string Status, IReadOnlyList<OutputText> Content)
{
    /// <value>What it is.</value>
    public string Type { get; } = "message";

    /// <value>Who speaks.</value>
    public string Role { get; } = "assistant";
}

/// <summary>The text of an answer.</summary>
internal sealed record OutputText(string Text)
{
    /// <value>What it is.</value>
    public string Type { get; } = "output_text";

    /// <value>None.</value>
    public IReadOnlyList<string> Annotations { get; } = [];

    /// <value>None.</value>
    public IReadOnlyList<string> Logprobs { get; } = [];
}

/// <summary>What was counted, in tokens, in the responses dialect's names.</summary>
internal sealed record ResponseUsage(
    int InputTokens, PromptDetails InputTokensDetails, int OutputTokens, OutputDetails OutputTokensDetails, int TotalTokens,
    SessionUsage Starkv)
{
    /// <summary>The same counts as a chat's.</summary>
    public static ResponseUsage Of(Usage usage) => new(
        usage.PromptTokens, usage.PromptTokensDetails, usage.CompletionTokens, new OutputDetails(0), usage.TotalTokens, usage.Starkv);
}

/// <summary>Of an answer's tokens, those that are not shown: none.</summary>
internal sealed record OutputDetails(int ReasoningTokens);

/// <summary>A response that was deleted.</summary>
internal sealed record DeletedResponse(string Id)
{
    /// <value>What it was.</value>
    public string Object { get; } = "response";

    /// <value>It is.</value>
    public bool Deleted { get; } = true;
}
