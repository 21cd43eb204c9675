using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace StarKV.Input;

/// <summary>
/// Resizes 8-bit images exactly as PIL's antialiased bicubic does, bit for bit: a horizontal pass, then a vertical one, each
/// rounded to 8 bit. One pixel of difference can move a click, so no other library's resize replaces it.
/// </summary>
[Experimental("STARKV001")]
public static class BicubicResampler
{
    private const int Half = 1 << (BicubicTaps.Precision - 1);

    /// <summary>Resizes an image; a side that stays the same is not filtered, and with both the same the input array is returned.</summary>
    /// <param name="pixels"><c>[height, width, channels]</c> row-major.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="toWidth">New width in pixels.</param>
    /// <param name="toHeight">New height in pixels.</param>
    /// <param name="channels">Interleaved channels: 3 (default) or 1.</param>
    /// <param name="cancellation">Ends the work within a row of pixels.</param>
    /// <returns><c>[toHeight, toWidth, channels]</c> row-major.</returns>
    /// <exception cref="ArgumentException">The array's length is not width × height × channels, or a size is below 1.</exception>
    public static byte[] Resize(
        byte[] pixels, int width, int height, int toWidth, int toHeight, int channels = 3, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfLessThan(toWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(toHeight, 1);
        if (channels is not (1 or 3) || pixels.LongLength != (long)width * height * channels)
            throw new ArgumentException(
                $"{pixels.LongLength} bytes are not {width}×{height} pixels of {channels} channels (1 or 3).", nameof(pixels));

        if (toWidth != width)
            pixels = Horizontal(pixels, width, height, toWidth, channels, cancellation);
        if (toHeight != height)
            pixels = Vertical(pixels, toWidth * channels, height, toHeight, cancellation);
        return pixels;
    }

    private static byte[] Horizontal(byte[] from, int width, int height, int toWidth, int channels, CancellationToken cancellation)
    {
        var taps = new BicubicTaps(width, toWidth);
        var to = GC.AllocateUninitializedArray<byte>(checked(toWidth * height * channels));
        Parallel.For(0, height, new ParallelOptions { CancellationToken = cancellation }, y =>
        {
            var source = from.AsSpan(y * width * channels, width * channels);
            var target = to.AsSpan(y * toWidth * channels, toWidth * channels);
            // The wide read takes one byte beyond a pixel; every row but the last has one after it.
            if (channels == 3 && y < height - 1 && Vector128.IsHardwareAccelerated)
                FilterRgbRow(source, target, taps);
            else
                FilterRow(source, target, taps, channels);
        });
        return to;
    }

    private static void FilterRow(ReadOnlySpan<byte> from, Span<byte> to, BicubicTaps taps, int channels)
    {
        for (var i = 0; i < to.Length; i++)
        {
            var weights = taps.Weights(i / channels);
            var at = taps.First[i / channels] * channels + i % channels;
            var sum = Half;
            for (var j = 0; j < weights.Length; j++, at += channels)
                sum += from[at] * weights[j];
            to[i] = Clamp(sum);
        }
    }

    private static void FilterRgbRow(ReadOnlySpan<byte> from, Span<byte> to, BicubicTaps taps)
    {
        ref var source = ref MemoryMarshal.GetReference(from);
        for (var x = 0; x < to.Length / 3; x++)
        {
            ref var pixel = ref Unsafe.Add(ref source, taps.First[x] * 3);
            var sum = Vector128.Create(Half);
            foreach (var weight in taps.Weights(x))
            {
                var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref pixel)).AsByte();
                sum += Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32() * weight;
                pixel = ref Unsafe.Add(ref pixel, 3);
            }

            sum = Vector128.Clamp(sum >> BicubicTaps.Precision, Vector128<int>.Zero, Vector128.Create(255));
            (to[3 * x], to[3 * x + 1], to[3 * x + 2]) = ((byte)sum[0], (byte)sum[1], (byte)sum[2]);
        }
    }

    private static byte[] Vertical(byte[] from, int rowLength, int height, int toHeight, CancellationToken cancellation)
    {
        var taps = new BicubicTaps(height, toHeight);
        var to = GC.AllocateUninitializedArray<byte>(checked(rowLength * toHeight));
        Parallel.For(0, toHeight, new ParallelOptions { CancellationToken = cancellation }, y =>
        {
            var weights = taps.Weights(y);
            var source = from.AsSpan(taps.First[y] * rowLength, taps.Count[y] * rowLength);
            var target = to.AsSpan(y * rowLength, rowLength);
            for (var i = MixRows(source, target, weights); i < rowLength; i++)
            {
                var sum = Half;
                for (var (j, at) = (0, i); j < weights.Length; j++, at += rowLength)
                    sum += source[at] * weights[j];
                target[i] = Clamp(sum);
            }
        });
        return to;
    }

    /// <summary>Mixes rows of <paramref name="to"/>'s length into it, 16 bytes at a time; returns how many bytes are done.</summary>
    private static int MixRows(ReadOnlySpan<byte> from, Span<byte> to, ReadOnlySpan<int> weights)
    {
        var done = 0;
        if (!Vector256.IsHardwareAccelerated)
            return done;
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        var (zero, white) = (Vector256<int>.Zero, Vector256.Create(255));
        for (; done <= to.Length - 16; done += 16)
        {
            var (low, high) = (Vector256.Create(Half), Vector256.Create(Half));
            for (var (j, at) = (0, (nuint)done); j < weights.Length; j++, at += (nuint)to.Length)
            {
                var wide = Vector256.WidenLower(Vector128.LoadUnsafe(ref source, at).ToVector256Unsafe());
                low += Vector256.WidenLower(wide).AsInt32() * weights[j];
                high += Vector256.WidenUpper(wide).AsInt32() * weights[j];
            }

            low = Vector256.Clamp(low >> BicubicTaps.Precision, zero, white);
            high = Vector256.Clamp(high >> BicubicTaps.Precision, zero, white);
            var bytes = Vector256.Narrow(Vector256.Narrow(low, high).AsUInt16(), Vector256<ushort>.Zero);
            bytes.GetLower().StoreUnsafe(ref target, (nuint)done);
        }

        return done;
    }

    private static byte Clamp(int sum) => (byte)Math.Clamp(sum >> BicubicTaps.Precision, 0, 255);
}
