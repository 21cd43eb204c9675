using Microsoft.Extensions.AI;
using StarKV.Input;

namespace StarKV.Extensions.AI;

/// <summary>Screenshots in messages.</summary>
internal static class ScreenshotContent
{
    /// <summary>Decodes one.</summary>
    /// <param name="content">A PNG, JPEG or WebP file.</param>
    /// <param name="where">What errors call it.</param>
    /// <param name="limits">What it may be at most.</param>
    /// <exception cref="StarKvException">It is no image, of another format, damaged or beyond the limits.</exception>
    public static Screenshot Decode(DataContent content, string where, ImageLimits limits) => content.HasTopLevelMediaType("image")
        ? Screenshot.Decode(content.Data.ToArray(), content.Name ?? where, limits)
        : throw new StarKvException($"{where} is {content.MediaType}; StarKV reads image/png, image/jpeg and image/webp.");

    /// <summary>The data of a data: URI.</summary>
    /// <param name="content">The reference.</param>
    /// <param name="where">What errors call it.</param>
    /// <exception cref="StarKvException">It refers to anything else, or is no data: URI.</exception>
    public static DataContent DataOf(UriContent content, string where)
    {
        if (content.Uri.Scheme != "data")
            throw new StarKvException(
                $"{where} refers to a {content.Uri.Scheme}: address, and StarKV fetches nothing. Give the picture's bytes as DataContent.");
        try
        {
            return new DataContent(content.Uri);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new StarKvException($"{where} is no data: URI: {e.Message}", e);
        }
    }
}
