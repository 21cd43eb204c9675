using System.Buffers.Binary;

namespace StarKV.Input;

/// <summary>Counts the pictures in a PNG: the decoder shows the first of an animation without a word.</summary>
/// <remarks>Source: PNG, third edition, section 11.3.6 (acTL, fcTL).</remarks>
internal static class PngFrames
{
    /// <summary>
    /// 1 for a still picture, also for an animation of one frame; else the frames and the
    /// picture for readers that do not know animations, if it is not one of the frames.
    /// </summary>
    public static long Count(byte[] file)
    {
        long announced = 0, frames = 0;
        bool pixels = false, stillApart = false;
        foreach (var part in FileParts.OfPng(file))
        {
            if (part.Is("acTL"u8) && !pixels && part.Data.Length >= 4)
                announced = BinaryPrimitives.ReadUInt32BigEndian(part.Data.Span);
            else if (part.Is("fcTL"u8) && ++frames == 1)
                stillApart = pixels;
            else if (part.Is("IDAT"u8))
                pixels = true;
        }

        // Without its announcement before the pixels a file is not an animation, whatever else it holds.
        return announced == 0 ? 1 : Math.Max(announced, frames) + (stillApart ? 1 : 0);
    }
}
