using StarKV.Input;

namespace StarKV.Server.Reading;

/// <summary>How large a request may be.</summary>
/// <remarks>Immutable, so thread-safe. What is beyond is refused before it is decoded.</remarks>
public sealed record RequestLimits
{
    /// <value>Most bytes of a body, above 0; default 104,857,600 (100 MiB): twenty screenshots of 3 MB as base64 are 80 MB.</value>
    public long BodyBytes { get; init; } = 100L << 20;

    /// <value>Most images in a request, 0 or more; default 20.</value>
    public int Images { get; init; } = 20;

    /// <value>Most bytes of one encoded image, above 0; default 20,971,520 (20 MiB).</value>
    public long ImageBytes { get; init; } = 20L << 20;

    /// <value>Most pixels of one image, above 0; default 12,845,056, the most that the published models see.</value>
    public long ImagePixels { get; init; } = 12_845_056;

    /// <value>Most characters of a request's texts together, above 0; default 400,000.</value>
    public int Characters { get; init; } = 400_000;

    /// <value>Longest answer in tokens whatever a request asks for, 1–32,768; default 2,048. Memory for it is set aside.</value>
    public int AnswerTokens { get; init; } = 2048;

    /// <summary>Depth of a JSON body, at most.</summary>
    internal const int Depth = 32;

    /// <summary>Smallest side of an image in pixels.</summary>
    internal const int ImageSide = 4;

    /// <summary>The limits of one image as the engine's decoder takes them.</summary>
    internal ImageLimits Image => new() { MaxFileBytes = ImageBytes, MaxPixels = ImagePixels };

    /// <summary>Returns these limits when every value is within its bounds.</summary>
    /// <exception cref="StarKvException">One is not.</exception>
    internal RequestLimits Bounded()
    {
        Check(BodyBytes > 0, nameof(BodyBytes), BodyBytes, "above 0");
        Check(Images >= 0, nameof(Images), Images, "0 or more");
        Check(ImageBytes > 0, nameof(ImageBytes), ImageBytes, "above 0");
        Check(ImagePixels > 0, nameof(ImagePixels), ImagePixels, "above 0");
        Check(Characters > 0, nameof(Characters), Characters, "above 0");
        Check(AnswerTokens is >= 1 and <= 32768, nameof(AnswerTokens), AnswerTokens, "1 to 32768");
        return this;

        static void Check(bool holds, string name, long value, string bounds)
        {
            if (!holds)
                throw new StarKvException($"The server's {name} is {value}; it must be {bounds}.");
        }
    }
}
