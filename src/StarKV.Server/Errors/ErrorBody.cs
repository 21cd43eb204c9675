using System.Text.Json.Serialization;

namespace StarKV.Server.Errors;

/// <summary>The body of every answer that is an error.</summary>
/// <param name="Error">The error.</param>
internal sealed record ErrorBody([property: JsonPropertyName("error")] ErrorFields Error)
{
    /// <summary>The body of an error.</summary>
    public static ErrorBody Of(ApiException error) => new(new ErrorFields(error.Message, error.Type, error.Param, error.Code));
}

/// <summary>What an error says.</summary>
/// <param name="Message">The thing, the limit and the way out.</param>
/// <param name="Type">The family of errors.</param>
/// <param name="Param">The field that is meant; null for none.</param>
/// <param name="Code">What exactly is wrong.</param>
internal sealed record ErrorFields(
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("param")] string? Param,
    [property: JsonPropertyName("code")] string Code);

/// <summary>How errors are written.</summary>
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class ErrorJson : JsonSerializerContext;
