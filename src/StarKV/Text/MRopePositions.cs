using System.Diagnostics.CodeAnalysis;

namespace StarKV.Text;

/// <summary>The three rotary positions (time, height, width) of every prompt token, and where decoding continues.</summary>
/// <remarks>
/// Source: the M-RoPE of Qwen2.5-VL. A text token takes the next position in all three; a vision token keeps the time of its
/// image and adds its row and column; after an image the count continues after its longer side.
/// </remarks>
[Experimental("STARKV001")]
public sealed class MRopePositions
{
    private readonly long[] _flat;

    private MRopePositions(long[] flat, long next)
    {
        _flat = flat;
        NextPosition = next;
    }

    /// <value>Number of prompt tokens L.</value>
    public int Length => _flat.Length / 3;

    /// <value>All positions as [3, L], row-major: time, then height, then width.</value>
    public ReadOnlySpan<long> Flat => _flat;

    /// <value>Time positions, [L].</value>
    public ReadOnlySpan<long> Time => _flat.AsSpan(0, Length);

    /// <value>Height positions, [L].</value>
    public ReadOnlySpan<long> Height => _flat.AsSpan(Length, Length);

    /// <value>Width positions, [L].</value>
    public ReadOnlySpan<long> Width => _flat.AsSpan(2 * Length, Length);

    /// <value>The position of the first generated token, in all three.</value>
    public long NextPosition { get; }

    /// <value>
    /// <see cref="NextPosition"/> − L, 0 or less as a rule. Token p of the uncompressed sequence is decoded at p + Delta,
    /// however much of the cache was dropped.
    /// </value>
    public long Delta => NextPosition - Length;

    /// <summary>The positions of 1-D RoPE, as OpenCUA has it: token p, of text or of an image, has position p in all three.</summary>
    public static MRopePositions OneDimensional(TokenMap map)
    {
        var flat = new long[3 * map.Length];
        for (var i = 0; i < flat.Length; i++)
            flat[i] = i % map.Length;
        return new MRopePositions(flat, map.Length);
    }

    /// <summary>Computes the positions of a prompt.</summary>
    public static MRopePositions Compute(TokenMap map)
    {
        var length = map.Length;
        var flat = new long[3 * length];
        long next = 0;
        var i = 0;
        while (i < length)
        {
            var f = map.FrameOf[i];
            if (f < 0)
            {
                flat[i] = flat[length + i] = flat[2 * length + i] = next++;
                i++;
                continue;
            }

            var frame = map.Frames[f];
            for (var cell = 0; cell < frame.Length; cell++, i++)
            {
                flat[i] = next;
                flat[length + i] = next + cell / frame.Columns;
                flat[2 * length + i] = next + cell % frame.Columns;
            }

            next += Math.Max(frame.Rows, frame.Columns);
        }

        return new MRopePositions(flat, next);
    }
}
