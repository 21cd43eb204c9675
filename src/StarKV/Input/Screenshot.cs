using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using StarKV.Files;
using StarKV.Runtime;

namespace StarKV.Input;

/// <summary>One picture of a screen: upright RGB pixels in the size the user sees. Thread-safe: it is immutable.</summary>
public sealed class Screenshot
{
    private readonly Lazy<string> _contentHash;

    private Screenshot(byte[] rgb, int width, int height, string name)
    {
        (Rgb, Width, Height, Name) = (rgb, width, height, name);
        _contentHash = new Lazy<string>(Hash);
    }

    /// <summary>Width in pixels, after EXIF orientation.</summary>
    public int Width { get; }

    /// <summary>Height in pixels, after EXIF orientation.</summary>
    public int Height { get; }

    /// <summary>The pixels, <c>[Height, Width, 3]</c> row-major, red green blue, 0–255. Read it; do not write to it.</summary>
    public byte[] Rgb { get; }

    /// <summary>The file name without its folder, or what the caller gave.</summary>
    public string Name { get; }

    /// <summary>
    /// SHA-256 over the size and the pixels, 64 lower-case hex digits; equal pictures have equal hashes. Computed once, on first use.
    /// </summary>
    public string ContentHash => _contentHash.Value;

    /// <summary>Reads a PNG, JPEG or WebP file.</summary>
    /// <param name="path">The file. Its content decides the format, not its extension.</param>
    /// <param name="limits">What is accepted; default <see cref="ImageLimits.Default"/>.</param>
    /// <param name="transparency">What becomes of transparent pixels; default over white.</param>
    /// <exception cref="StarKvException">
    /// The file is missing, unreadable, of another format, animated, damaged or beyond the limits.
    /// </exception>
    public static Screenshot Load(string path, ImageLimits? limits = null, Transparency transparency = Transparency.OverWhite)
    {
        ArgumentNullException.ThrowIfNull(path);
        limits ??= ImageLimits.Default;
        try
        {
            using var file = PlainFile.Open(path, $"screenshot '{path}'");
            limits.CheckFile(path, file.Length);
            // Messages name the whole path: of two folders' screenshots, the one that is meant.
            var data = MemoryShortage.Guard(
                $"the file of screenshot '{path}'", "Free what other requests and programs hold.", () => PlainFile.Rest(file));
            var (rgb, width, height) = ImageDecoder.Decode(data, path, limits, transparency);
            return new Screenshot(rgb, width, height, Path.GetFileName(path));
        }
        catch (IOException e)
        {
            throw new StarKvException($"screenshot '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Decodes a PNG, JPEG or WebP file held in memory.</summary>
    /// <param name="data">The encoded bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="limits">What is accepted; default <see cref="ImageLimits.Default"/>.</param>
    /// <param name="transparency">What becomes of transparent pixels; default over white.</param>
    /// <exception cref="StarKvException">Not one of the formats, animated, damaged or beyond the limits.</exception>
    public static Screenshot Decode(
        byte[] data, string name = "screenshot", ImageLimits? limits = null, Transparency transparency = Transparency.OverWhite)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(name);
        var (rgb, width, height) = ImageDecoder.Decode(data, name, limits ?? ImageLimits.Default, transparency);
        return new Screenshot(rgb, width, height, name);
    }

    /// <summary>Wraps raw pixels, for instance from a screen capture.</summary>
    /// <param name="rgb"><c>[height, width, 3]</c> row-major; kept, not copied.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="StarKvException">A side is below 1, or the array's length is not width × height × 3.</exception>
    public static Screenshot FromRgb(byte[] rgb, int width, int height, string name = "screenshot")
    {
        ArgumentNullException.ThrowIfNull(rgb);
        ArgumentNullException.ThrowIfNull(name);
        if (width < 1 || height < 1)
            throw new StarKvException($"screenshot '{name}' is {width}×{height} px; both sides must be at least 1 px.");
        if (rgb.LongLength != 3L * width * height)
            throw new StarKvException(
                $"screenshot '{name}' of {width}×{height} px needs {3L * width * height} bytes of RGB, not {rgb.LongLength}.");
        return new Screenshot(rgb, width, height, name);
    }

    /// <summary>Resizes to what a model with these limits sees, in one step.</summary>
    /// <param name="resize">The model's limits.</param>
    /// <param name="cancellation">Ends the work within a row of pixels.</param>
    /// <exception cref="StarKvException">One side is more than 200 times the other.</exception>
    public ModelImage ForModel(SmartResize resize, CancellationToken cancellation = default) => MemoryShortage.Guard(
        string.Create(CultureInfo.InvariantCulture, $"resizing screenshot '{Name}' of {Width}×{Height} px"),
        "Downscale it, or free what other requests and programs hold.",
        () => new ImagePreprocessor(resize).Prepare(this, cancellation));

    private string Hash()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> size = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(size, Width);
        BinaryPrimitives.WriteInt32LittleEndian(size[4..], Height);
        sha.AppendData(size);
        sha.AppendData(Rgb);
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}
