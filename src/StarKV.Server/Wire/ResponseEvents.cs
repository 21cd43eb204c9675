using System.Text.Json.Serialization;

namespace StarKV.Server.Wire;

/// <summary>An event of a streamed response; what it does not tell is not written.</summary>
/// <param name="Type">What happened.</param>
/// <param name="SequenceNumber">Its place in the stream, from 0.</param>
internal sealed record ResponseEvent(string Type, int SequenceNumber)
{
    /// <value>The response as it is now.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ResponseBody? Response { get; init; }

    /// <value>The message that is meant.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ItemId { get; init; }

    /// <value>The message's place, 0.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OutputIndex { get; init; }

    /// <value>The text's place, 0.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ContentIndex { get; init; }

    /// <value>A piece of the text.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Delta { get; init; }

    /// <value>The whole text.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <value>The message.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ResponseMessage? Item { get; init; }

    /// <value>The text with what belongs to it.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OutputText? Part { get; init; }

    /// <value>What exactly is wrong, in an event of an error.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <value>The error in words.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }

    /// <value>The field that is meant.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Param { get; init; }
}
