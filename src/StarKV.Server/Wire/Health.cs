using System.Text.Json.Serialization;

namespace StarKV.Server.Wire;

/// <summary>How the server is.</summary>
/// <param name="Status"><c>ok</c>, or why it is not.</param>
internal sealed record Health(string Status)
{
    /// <value>How long one token took, in milliseconds; null (default) where none was made.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Milliseconds { get; init; }
}
