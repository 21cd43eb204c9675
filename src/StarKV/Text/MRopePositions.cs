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
    private readonly bool _oneDimensional;

    private MRopePositions(long[] flat, long next, bool oneDimensional)
    {
        _flat = flat;
        NextPosition = next;
        _oneDimensional = oneDimensional;
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
    /// however much of the cache was dropped. More where tokens were left out by <see cref="Without"/>.
    /// </value>
    public long Delta => NextPosition - Length;

    /// <summary>The positions of 1-D RoPE, as OpenCUA has it: token p, of text or of an image, has position p in all three.</summary>
    public static MRopePositions OneDimensional(TokenMap map) => new MRopePositions([], 0, oneDimensional: true).Then(map);

    /// <summary>Computes the positions of a prompt.</summary>
    public static MRopePositions Compute(TokenMap map) => new MRopePositions([], 0, oneDimensional: false).Then(map);

    /// <summary>Positions of a sequence that has lost tokens, or that begins later than at 0.</summary>
    /// <param name="map">The tokens.</param>
    /// <param name="time">Time position of each, [L]; the other axes follow from the frames.</param>
    /// <param name="next">The position of the token that comes next.</param>
    /// <param name="oneDimensional">Whether an image's tokens count like those of text.</param>
    /// <exception cref="StarKvException">They do not go up as those of such tokens do.</exception>
    internal static MRopePositions AtTimes(TokenMap map, ReadOnlySpan<int> time, long next, bool oneDimensional)
    {
        var (length, free) = (map.Length, 0L);
        var flat = new long[3 * length];
        for (var i = 0; i < length;)
        {
            var frame = !oneDimensional && map.FrameOf[i] is >= 0 and var f ? map.Frames[f] : default;
            var (count, start) = (Math.Max(1, frame.Length), (long)time[i]);
            if (start < free || time.Slice(i, count).ContainsAnyExcept(time[i]))
            {
                throw new StarKvException(
                    $"token {i} is at position {start}; positions go up from token to token, the next free one is {free}.");
            }

            for (var cell = 0; cell < count; cell++)
            {
                flat[i + cell] = start;
                flat[length + i + cell] = start + (frame.Columns > 0 ? cell / frame.Columns : 0);
                flat[2 * length + i + cell] = start + (frame.Columns > 0 ? cell % frame.Columns : 0);
            }

            free = start + Math.Max(1, Math.Max(frame.Rows, frame.Columns));
            i += count;
        }

        return next >= free
            ? new MRopePositions(flat, next, oneDimensional)
            : throw new StarKvException($"the next position is {next}, and the tokens reach to {free}.");
    }

    /// <summary>These positions, and behind them those of further tokens, counted from <see cref="NextPosition"/> on.</summary>
    /// <param name="next">The tokens that follow; all of their frames are whole.</param>
    public MRopePositions Then(TokenMap next)
    {
        var length = Length + next.Length;
        var flat = new long[3 * length];
        for (var axis = 0; axis < 3; axis++)
            Axis(axis).CopyTo(flat.AsSpan(axis * length));
        return new MRopePositions(flat, Write(next, flat, Length, length), _oneDimensional);
    }

    /// <summary>
    /// The positions without those of the tokens [<paramref name="start"/>, <paramref name="end"/>): the others and
    /// <see cref="NextPosition"/> stay as they are.
    /// </summary>
    /// <param name="start">Index of the first token to leave out.</param>
    /// <param name="end">Index after the last one.</param>
    /// <exception cref="StarKvException">There are no such tokens.</exception>
    public MRopePositions Without(int start, int end) => new(Rest(start, end), NextPosition, _oneDimensional);

    /// <summary>
    /// The positions of the first tokens; <see cref="NextPosition"/> is where the first token left out stood, so that <see cref="Then"/>
    /// goes on from there.
    /// </summary>
    /// <param name="length">How many, 0 to <see cref="Length"/>; must cut no frame.</param>
    /// <exception cref="StarKvException">There are fewer tokens.</exception>
    public MRopePositions First(int length)
    {
        var flat = Rest(length, Length);
        return new MRopePositions(flat, length < Length ? Time[length] : NextPosition, _oneDimensional);
    }

    private ReadOnlySpan<long> Axis(int axis) => _flat.AsSpan(axis * Length, Length);

    private long[] Rest(int start, int end)
    {
        _ = TokenCut.Within(Length, start, end);
        return
        [
            .. Time[..start], .. Time[end..],
            .. Height[..start], .. Height[end..],
            .. Width[..start], .. Width[end..],
        ];
    }

    // Writes the positions of further tokens into flat, [3, length], from token `at` on; returns the position that follows.
    private long Write(TokenMap map, long[] flat, int at, int length)
    {
        var next = NextPosition;
        var i = 0;
        while (i < map.Length)
        {
            var f = _oneDimensional ? -1 : map.FrameOf[i];
            if (f < 0)
            {
                Set(i++, next, next, next);
                next++;
                continue;
            }

            var frame = map.Frames[f];
            for (var cell = 0; cell < frame.Length; cell++)
                Set(i++, next, next + cell / frame.Columns, next + cell % frame.Columns);
            next += Math.Max(frame.Rows, frame.Columns);
        }

        return next;

        void Set(int token, long time, long height, long width) =>
            (flat[at + token], flat[length + at + token], flat[2 * length + at + token]) = (time, height, width);
    }
}
