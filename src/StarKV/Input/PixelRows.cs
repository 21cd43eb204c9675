using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StarKV.Input;

/// <summary>RGBA rows (4 bytes per pixel) to RGB rows (3 bytes per pixel).</summary>
internal static class PixelRows
{
    /// <summary>Copies red, green and blue.</summary>
    public static void DropAlpha(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        ref var from = ref MemoryMarshal.GetReference(rgba);
        ref var to = ref MemoryMarshal.GetReference(rgb);
        var (pixels, x) = (rgb.Length / 3, 0);
        if (Vector128.IsHardwareAccelerated)
        {
            var order = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
            // Four pixels in, twelve bytes out; the store is sixteen wide, so it ends while two more pixels follow.
            for (; x <= pixels - 6; x += 4)
                Vector128.Shuffle(Vector128.LoadUnsafe(ref from, (nuint)(4 * x)), order).StoreUnsafe(ref to, (nuint)(3 * x));
        }

        for (; x < pixels; x++)
            for (var c = 0; c < 3; c++)
                Unsafe.Add(ref to, 3 * x + c) = Unsafe.Add(ref from, 4 * x + c);
    }

    /// <summary>Lays unpremultiplied RGBA over white, in the 8-bit arithmetic of PIL's <c>paste</c> with a mask.</summary>
    public static void CompositeOverWhite(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        for (var (from, to) = (0, 0); to + 3 <= rgb.Length; from += 4)
        {
            var alpha = rgba[from + 3];
            for (var c = 0; c < 3; c++)
            {
                var t = 255 * (255 - alpha) + rgba[from + c] * alpha + 128;
                rgb[to++] = (byte)(((t >> 8) + t) >> 8);
            }
        }
    }
}
