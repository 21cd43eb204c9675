using StarKV.Server.OpenApi;

namespace StarKV.Server.Wire;

/// <summary>A message of a request.</summary>
/// <remarks>It describes what <see cref="Reading.MessageReader"/> reads, and is never made.</remarks>
internal sealed record RequestMessage
{
    /// <value>system, developer, user or assistant.</value>
    public required string Role { get; init; }

    /// <value>A text, or parts that are texts and screenshots.</value>
    [Either(typeof(string), typeof(IReadOnlyList<RequestPart>))]
    public required object Content { get; init; }
}

/// <summary>A part of a message: a text or a screenshot.</summary>
internal sealed record RequestPart
{
    /// <value>text, input_text or output_text; image_url or input_image.</value>
    public required string Type { get; init; }

    /// <value>The text.</value>
    public string? Text { get; init; }

    /// <value>A data: address of a PNG, JPEG or WebP picture, or an object with it as url.</value>
    [Either(typeof(string), typeof(RequestImage))]
    public object? ImageUrl { get; init; }
}

/// <summary>A screenshot.</summary>
internal sealed record RequestImage
{
    /// <value>Its data: address.</value>
    public required string Url { get; init; }
}
