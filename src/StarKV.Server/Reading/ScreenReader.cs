using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using StarKV.Input;
using StarKV.Server.Errors;

namespace StarKV.Server.Reading;

/// <summary>Reads screenshots from <c>data:</c> addresses; one that somebody still holds is not decoded again.</summary>
/// <remarks>
/// Thread-safe. Pictures are found by the bytes that came, among those of one key: what others sent is neither found nor told from what
/// nobody sent by how long it takes.
/// </remarks>
/// <param name="limits">What is accepted.</param>
internal sealed class ScreenReader(RequestLimits limits)
{
    private const int RemindersBeforeSweep = 256;

    private readonly Dictionary<(string Scope, string Hash), WeakReference<Screenshot>> _seen = [];
    private readonly Lock _gate = new();
    private int _nextSweep = RemindersBeforeSweep;

    /// <summary>Pictures decoded so far.</summary>
    public int Decoded { get; private set; }

    /// <summary>Reads a picture.</summary>
    /// <param name="address">The field with the address.</param>
    /// <param name="scope">Whose it is.</param>
    /// <exception cref="ApiException">It is no picture within the limits.</exception>
    public Screenshot Read(Field address, string scope)
    {
        // The field's bytes as they came, unless a character of them is escaped.
        if (!address.IsText)
            throw Invalid(address, $"{address.Path} is no text; give a data: address of a PNG, JPEG or WebP image.");
        var text = address.RawText is { IsEmpty: false } raw ? raw : Encoding.UTF8.GetBytes(address.Text());
        var key = (scope, Convert.ToHexString(SHA256.HashData(text)));
        lock (_gate)
        {
            if (_seen.TryGetValue(key, out var reminder) && reminder.TryGetTarget(out var known))
                return known;
        }

        var screen = Decode(address, Bytes(address, text));
        lock (_gate)
        {
            Decoded++;
            _seen[key] = new WeakReference<Screenshot>(screen);
            if (_seen.Count >= _nextSweep)
                Sweep();
        }

        return screen;
    }

    private void Sweep()
    {
        foreach (var gone in _seen.Where(s => !s.Value.TryGetTarget(out _)).Select(s => s.Key).ToList())
            _seen.Remove(gone);
        _nextSweep = Math.Max(RemindersBeforeSweep, 2 * _seen.Count);
    }

    private byte[] Bytes(Field address, ReadOnlySpan<byte> text)
    {
        if (!Begins(text, "data:"u8))
        {
            throw Invalid(
                address, $"{address.Path} is no data: address; send the image itself, as data:image/png;base64,…: nothing is fetched.");
        }

        var comma = text.IndexOf((byte)',');
        if (comma < 0 || !Ends(text[..comma], ";base64"u8))
            throw Invalid(address, $"{address.Path} is no base64 data: address; write data:image/png;base64,… .");
        var encoded = text[(comma + 1)..];
        if (encoded.Length / 4 * 3 > limits.ImageBytes + 3)
            throw Invalid(address, $"{address.Path} has more than {limits.ImageBytes} bytes (ImageBytes); downscale the image.");
        var padding = encoded.EndsWith("=="u8) ? 2 : encoded.EndsWith("="u8) ? 1 : 0;
        var bytes = new byte[encoded.Length / 4 * 3 - (encoded.Length % 4 == 0 ? padding : 0)];
        return Base64.DecodeFromUtf8(encoded, bytes, out _, out var written) == System.Buffers.OperationStatus.Done && written > 0
            ? written == bytes.Length ? bytes : bytes[..written]
            : throw Invalid(address, $"{address.Path} is not base64, or is cut off; send the whole image.");
    }

    private Screenshot Decode(Field address, byte[] bytes)
    {
        try
        {
            var screen = Screenshot.Decode(bytes, address.Path, limits.Image);
            return Math.Min(screen.Width, screen.Height) >= RequestLimits.ImageSide
                ? screen
                : throw Invalid(
                    address,
                    $"{address.Path} is {screen.Width}×{screen.Height} px; both sides must be {RequestLimits.ImageSide} px or more.");
        }
        catch (StarKvException e) when (e is not StarKvMemoryException)
        {
            throw Invalid(address, e.Message);
        }
    }

    private static ApiException Invalid(Field address, string message) => ApiException.Invalid("invalid_image", message, address.Path);

    private static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> with) =>
        text.Length >= with.Length && Ascii.EqualsIgnoreCase(text[..with.Length], with);

    private static bool Ends(ReadOnlySpan<byte> text, ReadOnlySpan<byte> with) =>
        text.Length >= with.Length && Ascii.EqualsIgnoreCase(text[^with.Length..], with);
}
